import type { FindingKind } from './finding-kinds.ts';
import type { Diagnostic, Finding, SuppressedFinding } from './report.ts';

/** A finding that its owner knows and accepts. A suppression without a reason is not one. */
export interface Suppression {
  /** A kind, or every kind under a prefix: `conflict.*`. */
  readonly kind: string;
  /** The finding's subject; `*` stands for any run of characters. Absent: any subject. */
  readonly subject?: string;
  /** The finding's object, with `*` as above. Absent: any object, or none. */
  readonly object?: string;
  readonly reason: string;
}

export interface SuppressionResult {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** One warning for each suppression that matched nothing, so that the list does not rot. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a kind pattern (`conflict.variable`, `conflict.*`) takes a kind. */
export function matchesKind(pattern: string, kind: string): boolean {
  return pattern.endsWith('.*') ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern;
}

/** Whether `text` as a whole matches `glob`, where only `*` is special. Linear: no pattern can make it hang. */
export function matchesGlob(glob: string, text: string): boolean {
  const [head = '', ...rest] = glob.split('*');
  const tail = rest.pop();
  if (tail === undefined) return text === glob;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - at >= tail.length && text.endsWith(tail);
}

function matches(suppression: Suppression, finding: Finding): boolean {
  if (!matchesKind(suppression.kind, finding.kind)) return false;
  if (suppression.subject !== undefined && !matchesGlob(suppression.subject, finding.subject)) return false;
  return suppression.object === undefined || matchesGlob(suppression.object, finding.object ?? '');
}

function describe({ kind, subject, object }: Suppression): string {
  const parts = [kind];
  if (subject !== undefined) parts.push(`subject ${subject}`);
  if (object !== undefined) parts.push(`object ${object}`);
  return parts.join(', ');
}

/**
 * Splits findings by the first suppression that takes each. `looksFor` says which kinds (or prefixes with
 * `.*`) the command could have found: only a suppression of such a kind can be called unused, since one
 * list serves every command.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  looksFor: readonly string[],
): SuppressionResult {
  const used = new Set<Suppression>();
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const byKind = new Map<FindingKind, readonly Suppression[]>();
  for (const finding of findings) {
    let candidates = byKind.get(finding.kind);
    if (candidates === undefined) {
      candidates = suppressions.filter((suppression) => matchesKind(suppression.kind, finding.kind));
      byKind.set(finding.kind, candidates);
    }
    const taken = candidates.find((suppression) => matches(suppression, finding));
    if (taken === undefined) {
      kept.push(finding);
    } else {
      used.add(taken);
      suppressed.push({ finding, reason: taken.reason });
    }
  }
  const unused = suppressions.filter(
    (suppression) => !used.has(suppression) && looksFor.some((kind) => overlap(kind, suppression.kind)),
  );
  const diagnostics = unused.map((suppression): Diagnostic => {
    return { level: 'warning', message: `the suppression of ${describe(suppression)} matches no finding` };
  });
  return { findings: kept, suppressed, diagnostics };
}

/** Whether two kind patterns can take the same kind. */
function overlap(one: string, other: string): boolean {
  return matchesKind(one, other) || matchesKind(other, one);
}
