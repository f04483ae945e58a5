import { baseName, type Finding, type FindingKind } from '../../model/index.ts';
import type { analyseSoak, SoakFacts } from '../soak/index.ts';
import type { CureFacts, CureVerdict } from './guard-facts.ts';

type Soaked = ReturnType<typeof analyseSoak>;

/** What the cure is for: keys that are lost, and the death that follows. */
const ILLNESS: ReadonlySet<FindingKind> = new Set(['soak.thread-key', 'soak.died']);

/**
 * Holds the soak of a plugin against that of the same plugin before it was mended. The findings are those of the
 * second. What is no matter of keys and was lost before too is a warning: the cure did not bring it.
 */
export function judgeCure(
  before: Soaked,
  after: Soaked,
): {
  readonly verdict: CureVerdict;
  readonly facts: CureFacts;
  readonly findings: readonly Finding[];
} {
  const isIll = ({ findings }: Soaked) => findings.some(({ kind }) => ILLNESS.has(kind));
  const known = new Set(before.findings.map(({ kind }) => kind));
  const verdict = isIll(after) ? 'not-cured' : isIll(before) ? 'cured' : 'nothing-to-cure';
  return {
    verdict,
    facts: { verb: 'verify', before: before.facts, after: after.facts },
    findings: [
      ...after.findings.map((finding): Finding => {
        const isOld = !ILLNESS.has(finding.kind) && known.has(finding.kind);
        return isOld && finding.severity === 'error' ? { ...finding, severity: 'warning' } : finding;
      }),
      ...(verdict === 'nothing-to-cure' ? [nothingToCure(before.facts)] : []),
    ],
  };
}

function nothingToCure({ path, rounds, entry }: SoakFacts): Finding {
  const name = baseName(path);
  const call = entry === null ? 'nothing was called' : `${entry} was called in each`;
  return {
    kind: 'guard.nothing-to-cure',
    severity: 'warning',
    message: `${name}: lost no keys and ended no process before, so that nothing is proved`,
    subject: name,
    object: path,
    evidence: [{ text: `${rounds.done} rounds; ${call}`, object: path }],
    fix: 'call what makes the keys (--entry), or take the plugin as it was before it was mended',
  };
}
