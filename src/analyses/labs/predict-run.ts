import { Binder } from '../../loader/index.ts';
import {
  type Comparison,
  type Finding,
  LOOKUP_CLASSES,
  LOOKUP_PLT,
  type LoadedObject,
  type Process,
} from '../../model/index.ts';
import type { LoadTime } from '../../model/lab.ts';
import type { Assignment } from '../../script/index.ts';
import { analyseProcess } from '../analyse-process.ts';
import { type BindingFacts, symbolLookups } from '../bind-facts.ts';
import { type ConflictFacts, conflictFacts } from '../conflicts/conflict-facts.ts';
import type { UnloadAnalysis } from '../unload/index.ts';
import type { PlacedAddress } from './address-rows.ts';
import type { PredictedFailures } from './failure-rows.ts';
import { NO_CALLS, type PredictedCalls, predictCalls } from './predict-calls.ts';
import type { ProcessInput } from './process-input.ts';

/** What the loader will find fault with. */
export interface PredictedFault {
  readonly finding: Finding['kind'];
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly when: LoadTime;
}

/** What solder derives from the process of one run. */
interface PredictedProcess extends PredictedCalls {
  readonly conflicts: readonly ConflictFacts[];
  readonly faults: readonly PredictedFault[];
  /** The bindings of the symbols in question. */
  readonly bindings: readonly BindingFacts[];
  /** Paths of the global lookup scope, in lookup order. */
  readonly lookupOrder: readonly string[];
  /** What the loader maps for the start, in load order. */
  readonly linkMap: readonly LoadedObject[];
  readonly failures: PredictedFailures;
}

/** What solder derives from single files and directories of the build, as far as a lab asks. */
export interface PredictedFiles {
  /** Exported names, by path. */
  readonly exports: ReadonlyMap<string, readonly string[]>;
  /** What version scripts make of the definitions that a library is linked from, by its path. */
  readonly scripts: ReadonlyMap<string, readonly Assignment[]>;
  /** By `diffName`. */
  readonly diffs: ReadonlyMap<string, Comparison>;
  /** Names and targets of the links in a directory, after ldconfig(8) has been there. */
  readonly links: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** By the name that the lab gives the address. */
  readonly addresses: ReadonlyMap<string, PlacedAddress>;
  /** By the name of the plugin. */
  readonly unloads: ReadonlyMap<string, UnloadAnalysis>;
}

/** What solder derives from the files of one run. */
export type PredictedRun = PredictedProcess &
  PredictedFiles & {
    /** The program runs in secure mode: the loader heeds neither its paths nor LD_DEBUG (ld.so(8)). */
    readonly isSecure: boolean;
  };

/** What is predicted for a program that the loader has nothing to do with. */
export const NO_PROCESS: PredictedProcess = {
  conflicts: [],
  faults: [],
  bindings: [],
  lookupOrder: [],
  linkMap: [],
  failures: new Map(),
  ...NO_CALLS,
};

/** What is predicted when a lab asks about no file. */
export const NO_FILES: PredictedFiles = {
  exports: new Map(),
  scripts: new Map(),
  diffs: new Map(),
  links: new Map(),
  addresses: new Map(),
  unloads: new Map(),
};

/** Runs the analyses of `solder conflicts`, `deps`, `bind` and `check` over one program. */
export function predictProcess(input: ProcessInput): Omit<PredictedProcess, 'failures'> {
  const { context, root, path, symbols, bindNow } = input;
  const binder = new Binder();
  const { process, conflicts, loadFindings } = analyseProcess(context, binder, root, path);
  const lookUp = (symbol: string) => symbolLookups(context, binder, process, symbol).lookups;
  const isLazy = (finding: Finding): boolean =>
    !bindNow &&
    isOfLookup(finding) &&
    lookUp(finding.subject)
      .filter(({ from }) => from === finding.object)
      .every(({ from, lookup }) => lookup === LOOKUP_CLASSES[LOOKUP_PLT] && !bindsNow(process, from));
  const faults = loadFindings.map(
    (finding): PredictedFault => ({
      finding: finding.kind,
      severity: finding.severity,
      message: finding.message,
      when: isLazy(finding) ? 'call' : 'start',
    }),
  );
  const starts = !faults.some(({ severity, when }) => severity === 'error' && when === 'start');
  const { bindings, ...called } = starts ? predictCalls(input) : { bindings: [], ...NO_CALLS };
  return {
    conflicts: conflictFacts(conflicts),
    faults,
    bindings: loadFindings.some(endsBeforeBinding) ? [] : [...symbols.flatMap(lookUp), ...bindings],
    lookupOrder: process.scope.map((entry) => entry.path),
    linkMap: process.linkMap.filter((entry) => entry.kind === 'loaded'),
    ...called,
  };
}

/** The loader looks at files and versions first; with one of them missing it looks nothing up. */
const endsBeforeBinding = (finding: Finding): boolean => finding.severity === 'error' && !isOfLookup(finding);

/** Fatal when a symbol is looked up, which is the finding's subject. */
const isOfLookup = ({ kind, severity }: Finding): boolean =>
  severity === 'error' && (kind === 'load.undefined-symbol' || kind === 'load.no-version-information');

const bindsNow = ({ scope }: Process, path: string): boolean =>
  scope.some((entry) => entry.path === path && entry.object.bindNow);
