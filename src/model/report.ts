import type { FindingKind, Severity } from './finding-kinds.ts';

/** Version of the report's JSON shape; a change that breaks a reader raises it. */
export const SCHEMA_VERSION = 1;

/** One fact that supports a finding, as text for people; `object` is the file that it was read from. */
export interface Evidence {
  readonly text: string;
  readonly object?: string;
}

/** What an analysis found. `subject` is the name it is about (a symbol, a soname), stable for suppressions. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly message: string;
  readonly subject: string;
  /** The file that has to change, or that the finding was made in. */
  readonly object?: string;
  readonly evidence: readonly Evidence[];
  /** What to do about it. */
  readonly fix?: string;
}

/** Something odd about the input or the run that is no finding: an unreadable file, a skipped table. */
export interface Diagnostic {
  /** `error`: an input could not be read (exit status 3). `warning`: read in spite of an oddity. */
  readonly level: 'error' | 'warning';
  readonly message: string;
  readonly object?: string;
}

/** A finding that a suppression took out of the count, kept in the report with its reason. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly reason: string;
}

export interface Summary {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
}

/**
 * The result of every command that analyses something. `facts` holds what the command states without
 * judging, in a shape of its own per command (see schema/report.schema.json).
 */
export interface Report<Facts = unknown> {
  readonly schemaVersion: typeof SCHEMA_VERSION;
  readonly tool: { readonly name: 'solder'; readonly version: string };
  readonly command: string;
  readonly targets: readonly string[];
  readonly verdict?: string;
  readonly facts: Facts;
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: Summary;
}
