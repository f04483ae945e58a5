import type { FindingKind, Severity } from '../finding-kinds.ts';
import type { ExportedSymbol } from './library-exports.ts';
import type { Bump, Verdict } from './verdict.ts';

/** Each kind of change is a kind of finding. */
export type ChangeKind = Extract<FindingKind, `abi.${string}`>;

/** One symbol on both sides; one of them is missing for what was added or removed. */
export interface SymbolPair {
  readonly old?: ExportedSymbol;
  readonly new?: ExportedSymbol;
}

/**
 * One thing that differs, told once with all that it reaches: a function with its constructor's clones, a
 * class with its virtual tables, a version node with its symbols.
 */
export interface Change {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** What it alone makes of the verdict; `identical` for a risk that changes none. */
  readonly effect: Verdict;
  /** A symbol as the file spells it, a version node or a soname: stable for suppressions. */
  readonly subject: string;
  /** What changed, in one sentence; symbols as the files spell them. */
  readonly message: string;
  /** What a program that was linked against OLD experiences. */
  readonly consequence: string;
  /** The symbols that it is about or that it reaches. */
  readonly symbols: readonly SymbolPair[];
  /** What to do about it. */
  readonly fix?: string;
}

/** Whether the soname of NEW is the right one, given the verdict on everything else. */
export interface SonameAdvice {
  readonly status: 'right' | 'must-change' | 'changed-as-it-must' | 'changed-without-cause' | 'none';
  readonly old?: string;
  readonly new?: string;
  /** What it should be. */
  readonly wanted?: string;
}

/** Whether the version in the file name of NEW is the right one. */
export interface VersionAdvice {
  readonly status: 'right' | 'too-low' | 'unknown';
  readonly old?: string;
  readonly new?: string;
  /** The least version that NEW may have. */
  readonly least?: string;
}

/** The result of comparing two libraries. */
export interface Comparison {
  readonly verdict: Verdict;
  readonly bump: Bump;
  readonly changes: readonly Change[];
  readonly soname: SonameAdvice;
  readonly version: VersionAdvice;
}
