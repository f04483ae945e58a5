import type { Finding, FindingKind } from '../../../model/index.ts';

/** Differences of one kind in one image that become findings; the rest is counted. */
const LIMIT = 50;

/** Collects where one image went another way than predicted. */
export class Differences {
  readonly findings: Finding[] = [];
  count = 0;
  private readonly program: string;
  private readonly pid: number;
  private readonly byKind = new Map<FindingKind, number>();

  constructor(program: string, pid: number) {
    this.program = program;
    this.pid = pid;
  }

  /** `what` is the subject, a symbol or a library, and stable from run to run. */
  add(
    kind: FindingKind,
    what: string,
    sides: { readonly predicted: string; readonly observed: string },
  ): void {
    this.count++;
    const known = (this.byKind.get(kind) ?? 0) + 1;
    this.byKind.set(kind, known);
    if (known > LIMIT) return;
    this.findings.push({
      kind,
      severity: 'error',
      message: `${what}: predicted ${sides.predicted}, observed ${sides.observed}`,
      subject: what,
      object: this.program,
      evidence: [{ text: `in process ${this.pid}` }],
    });
  }

  /** Two lists that should be the same: what only one side has, or the first that stands in another place. */
  lists(kind: FindingKind, what: string, predicted: readonly string[], observed: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const item of predicted) counts.set(item, (counts.get(item) ?? 0) + 1);
    for (const item of observed) counts.set(item, (counts.get(item) ?? 0) - 1);
    let isSame = true;
    for (const [item, count] of counts) {
      if (count === 0) continue;
      isSame = false;
      const [here, there] = count > 0 ? [item, 'nothing of it'] : ['nothing of it', item];
      this.add(kind, `${what} ${item}`, { predicted: here, observed: there });
    }
    const moved = isSame ? predicted.findIndex((item, at) => item !== observed[at]) : -1;
    if (moved >= 0) {
      this.add(kind, what, {
        predicted: predicted.slice(moved).join(' '),
        observed: observed.slice(moved).join(' '),
      });
    }
  }
}
