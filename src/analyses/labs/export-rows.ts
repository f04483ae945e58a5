import type { Prediction } from '../../model/lab.ts';
import { LINKER_MADE } from '../linker-made.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

type StatedExports = Extract<Prediction, { kind: 'exports' }>;
type ExportsByPath = ReadonlyMap<string, readonly string[]>;

/** What a file offers to others, by solder beside nm(1). */
export function exportRows(
  stated: readonly StatedExports[],
  predicted: ExportsByPath,
  observed: ExportsByPath,
  directory: string,
): LabRow[] {
  return stated.map(({ object, symbols }) => {
    const path = `${directory}/${object}`;
    const [expected, ours, theirs] = [symbols, predicted.get(path), observed.get(path)].map(listText);
    return judgedRow(`exports of ${object}`, expected!, ours!, { text: theirs! });
  });
}

const listText = (names: readonly string[] | undefined): string =>
  names === undefined ? 'cannot be read' : names.join(' ') || 'nothing';

/** `ADDRESS TYPE NAME`, one a line: `nm -D --defined-only` (nm(1)). */
const NM_LINE = /^[0-9a-f]+ ([A-Za-z]) ([^@]+)(@.*)?$/;

/**
 * The names and versions in the output of `nm -D --defined-only`, sorted, without what the linker makes: absolute
 * symbols that are called like their own version stand for the version itself.
 */
export function parseExports(text: string): string[] {
  const names: string[] = [];
  for (const line of text.split('\n')) {
    const [, type, name, version = ''] = (NM_LINE.exec(line) ?? []) as (string | undefined)[];
    if (name === undefined || LINKER_MADE.has(name)) continue;
    if (type === 'A' && (version === '' || version.endsWith(`@${name}`))) continue;
    names.push(`${name}${version}`);
  }
  return names.sort();
}
