import { Binder, type LoadContext, type OpenRequest } from '../../loader/index.ts';
import {
  type Comparison,
  type DynamicObject,
  type Finding,
  LOOKUP_CLASSES,
  LOOKUP_PLT,
  type Process,
} from '../../model/index.ts';
import type { LoadTime } from '../../model/lab.ts';
import type { Assignment } from '../../script/index.ts';
import { analyseProcess } from '../analyse-process.ts';
import { type BindingFacts, bindingFacts, symbolLookups } from '../bind-facts.ts';
import { type ConflictFacts, conflictFacts } from '../conflicts/conflict-facts.ts';

/** What the loader will find fault with. */
export interface PredictedFault {
  readonly finding: Finding['kind'];
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly when: LoadTime;
}

/** What solder derives from the process of one run. */
interface PredictedProcess {
  readonly conflicts: readonly ConflictFacts[];
  readonly faults: readonly PredictedFault[];
  /** The bindings of the symbols in question. */
  readonly bindings: readonly BindingFacts[];
  /** Paths of the global lookup scope, in lookup order. */
  readonly lookupOrder: readonly string[];
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
}

/** What solder derives from the files of one run. */
export type PredictedRun = PredictedProcess & PredictedFiles;

/** What is predicted for a program that the loader has nothing to do with. */
export const NO_PROCESS: PredictedProcess = { conflicts: [], faults: [], bindings: [], lookupOrder: [] };

/** What is predicted when a lab asks about no file. */
export const NO_FILES: PredictedFiles = {
  exports: new Map(),
  scripts: new Map(),
  diffs: new Map(),
  links: new Map(),
};

/** What a prediction starts from. */
export interface ProcessInput {
  readonly context: LoadContext;
  readonly root: DynamicObject;
  readonly path: string;
  readonly symbols: readonly string[];
  /** LD_BIND_NOW is set. */
  readonly bindNow: boolean;
  /** What the program opens later. */
  readonly opens: readonly OpenRequest[];
}

/** Runs the analyses of `solder conflicts`, `deps`, `bind` and `check` over one program. */
export function predictProcess(input: ProcessInput): PredictedProcess {
  const { context, root, path, symbols, bindNow, opens } = input;
  const binder = new Binder();
  const { process, conflicts, loadFindings } = analyseProcess(context, binder, root, path, opens);
  const lookUp = (symbol: string) => symbolLookups(context, binder, process, symbol).lookups;
  const isLazy = (finding: Finding): boolean =>
    !bindNow &&
    isOfLookup(finding) &&
    lookUp(finding.subject)
      .filter(({ from }) => from === finding.object)
      .every(({ from, lookup }) => lookup === LOOKUP_CLASSES[LOOKUP_PLT] && !bindsNow(process, from));
  return {
    conflicts: conflictFacts(conflicts),
    faults: loadFindings.map((finding) => ({
      finding: finding.kind,
      severity: finding.severity,
      message: finding.message,
      when: isLazy(finding) ? 'call' : 'start',
    })),
    bindings: loadFindings.some(endsBeforeBinding)
      ? []
      : [...symbols.flatMap(lookUp), ...openedBindings(context, binder, process, symbols)],
    lookupOrder: process.scope.map((entry) => entry.path),
  };
}

/** What the libraries that the program opens are bound to. */
function openedBindings(
  context: LoadContext,
  binder: Binder,
  process: Process,
  symbols: readonly string[],
): BindingFacts[] {
  const bindings: BindingFacts[] = [];
  const { version } = context.settingsFor(process.root.object);
  const ignore = (): void => {};
  binder.bind(process, version, ignore, (binding) => {
    const facts = bindingFacts(binding);
    if (symbols.includes(facts.symbol)) bindings.push(facts);
  });
  return bindings;
}

/** The loader looks at files and versions first; with one of them missing it looks nothing up. */
const endsBeforeBinding = (finding: Finding): boolean => finding.severity === 'error' && !isOfLookup(finding);

/** Fatal when a symbol is looked up, which is the finding's subject. */
const isOfLookup = ({ kind, severity }: Finding): boolean =>
  severity === 'error' && (kind === 'load.undefined-symbol' || kind === 'load.no-version-information');

const bindsNow = ({ scope }: Process, path: string): boolean =>
  scope.some((entry) => entry.path === path && entry.object.bindNow);
