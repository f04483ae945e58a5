import type { Prediction } from '../../model/lab.ts';
import type { LoadedObject, SearchRule } from '../../model/process.ts';
import type { TraceEvent } from '../trace/event.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { isOwn, type RunPlace } from './run-place.ts';

type StatedSearch = Extract<Prediction, { kind: 'found' }>;

/** ld.so's names of the rules (elf/dl-load.c); the cache has a message of its own. */
const RULE_OF_SOURCE: Readonly<Record<string, SearchRule>> = {
  RPATH: 'rpath',
  LD_LIBRARY_PATH: 'library-path',
  RUNPATH: 'runpath',
  'system search path': 'default',
};

/** By which rule each library of the build is found at the start. */
export function foundRows(
  stated: readonly StatedSearch[],
  linkMap: readonly LoadedObject[],
  events: readonly TraceEvent[],
  place: RunPlace,
): LabRow[] {
  const ours = linkMap.filter(({ path, rule }) => isOwn(path, place) && rule !== 'root');
  return stated.map(({ libraries }) =>
    judgedRow(
      'found',
      listText(Object.entries(libraries)),
      listText(ours.map(({ name, rule }) => [name, rule])),
      { text: listText(tracedSearches(events, place)) },
    ),
  );
}

const listText = (found: readonly (readonly [string, SearchRule])[]): string =>
  found.map(([name, rule]) => `${name} by ${rule}`).join(', ') || 'nothing';

/** The last place that the loader tried is where it found the library, when it then goes on. */
function tracedSearches(events: readonly TraceEvent[], place: RunPlace): [string, SearchRule][] {
  const found: [string, SearchRule][] = [];
  let library: string | undefined;
  let rule: SearchRule = 'path';
  let last = '';
  const finish = (): void => {
    if (library !== undefined && isOwn(last, place)) found.push([library, rule]);
    library = undefined;
  };
  for (const event of events) {
    if (event.kind === 'search') {
      finish();
      library = event.library;
    } else if (event.kind === 'search-path') rule = RULE_OF_SOURCE[event.source] ?? 'path';
    else if (event.kind === 'search-cache') rule = 'cache';
    else if (event.kind === 'try') last = event.path;
    else if (event.kind === 'init') break;
  }
  finish();
  return found;
}
