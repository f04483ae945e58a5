import {
  type Bump,
  type Change,
  type Comparison,
  type EvidenceLevel,
  exportName,
  type Finding,
  type LibraryExports,
  type Severity,
  type SonameAdvice,
  type SymbolPair,
  type Verdict,
  type VersionAdvice,
} from '../../model/index.ts';
import { cxxName } from './cxx-name.ts';
import type { ProgramFate } from './program-needs.ts';

export interface SideFacts {
  readonly path: string;
  readonly soname?: string;
  readonly evidence: EvidenceLevel;
  /** Exports, those that the linker makes included. */
  readonly exports: number;
  readonly versions: readonly string[];
  readonly needed: readonly string[];
  readonly glibcFloor?: string;
}

export interface AbiChangeFacts {
  readonly kind: Change['kind'];
  readonly severity: Severity;
  readonly effect: Verdict;
  readonly subject: string;
  readonly message: string;
  readonly consequence: string;
  readonly symbols: readonly { readonly old?: string; readonly new?: string }[];
}

/** What `diff` states; the verdict is the report's. */
export interface DiffFacts {
  readonly old: SideFacts;
  readonly new: SideFacts;
  readonly bump: Bump;
  readonly soname: SonameAdvice;
  readonly version: VersionAdvice;
  /** What to do, in sentences. */
  readonly next: readonly string[];
  readonly changes: readonly AbiChangeFacts[];
  /** With `--used-by` alone. */
  readonly programs?: readonly ProgramFate[];
}

export function diffFacts(
  old: LibraryExports,
  recent: LibraryExports,
  comparison: Comparison,
  programs?: readonly ProgramFate[],
): DiffFacts {
  const { bump, soname, version } = comparison;
  return {
    old: sideFacts(old),
    new: sideFacts(recent),
    bump,
    soname,
    version,
    next: nextSteps(comparison),
    changes: comparison.changes.map(changeFacts),
    ...(programs === undefined ? {} : { programs }),
  };
}

function sideFacts(side: LibraryExports): SideFacts {
  const { path, soname, evidence, symbols, versions, needed, glibcFloor } = side;
  return {
    path,
    ...(soname === undefined ? {} : { soname }),
    evidence,
    exports: symbols.length,
    versions: versions.map(({ name }) => name),
    needed,
    ...(glibcFloor === undefined ? {} : { glibcFloor }),
  };
}

function changeFacts({
  kind,
  severity,
  effect,
  subject,
  message,
  consequence,
  symbols,
}: Change): AbiChangeFacts {
  return {
    kind,
    severity,
    effect,
    subject,
    message,
    consequence,
    symbols: symbols.map(({ old, new: now }) => ({
      ...(old === undefined ? {} : { old: exportName(old) }),
      ...(now === undefined ? {} : { new: exportName(now) }),
    })),
  };
}

const WHAT_TO_DO: Readonly<Record<Verdict, string>> = {
  identical: 'install the new file in place of the old one',
  compatible: 'install the new file in place of the old one',
  incompatible:
    'mend what is named below, or release it as a new major version that stays beside the old one',
  forbidden:
    'give what is named below a new name or a new symbol version: a new soname alone does not save a process that loads both',
};

function nextSteps({ verdict, soname, version }: Comparison): string[] {
  const steps = [WHAT_TO_DO[verdict]];
  const least = version.status === 'too-low' ? `version ${version.least} or higher` : undefined;
  const name = soname.wanted === undefined ? 'another soname' : `soname ${soname.wanted}`;
  switch (soname.status) {
    case 'must-change':
      return [...steps, `otherwise: ${[name, ...(least === undefined ? [] : [least])].join(', ')}`];
    case 'changed-without-cause':
      steps.push(`use ${name}`);
  }
  return least === undefined ? steps : [...steps, `give it ${least}`];
}

/** Each change as a finding, in the file that has to change. */
export function changeFindings(changes: readonly Change[], recent: LibraryExports): Finding[] {
  return changes.map(({ kind, severity, subject, message, symbols, fix }) => ({
    kind,
    severity,
    message,
    subject,
    object: recent.path,
    evidence: reached(symbols),
    ...(fix === undefined ? {} : { fix }),
  }));
}

/** Symbols that a finding names; the facts have all. */
const SHOWN = 8;

/** The names behind a finding that is about several, as far as they read differently; one stands in its message. */
function reached(symbols: readonly SymbolPair[]): { readonly text: string }[] {
  const shown = new Map<string, string>();
  let at = 0;
  for (; at < symbols.length && shown.size < SHOWN; at++) {
    const symbol = (symbols[at]!.old ?? symbols[at]!.new)!;
    const reads = cxxName(symbol.name)?.full ?? symbol.name;
    if (!shown.has(reads)) shown.set(reads, exportName(symbol));
  }
  if (shown.size < 2) return [];
  const rest = symbols.length - at;
  const lines = [...shown.values()].map((text) => ({ text }));
  return rest === 0 ? lines : [...lines, { text: `… and ${rest} more` }];
}
