import { breaks, type Comparison } from '../../model/index.ts';
import type { Ending, Prediction } from '../../model/lab.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

type StatedDiff = Extract<Prediction, { kind: 'diff' }>;
type Judgement = Pick<StatedDiff, 'verdict' | 'bump' | 'version' | 'soname'>;

/** What became of the program that was linked with the old build. */
interface ProgramRun {
  readonly stdout: string;
  readonly ending: Ending;
}

/** By this a comparison is found again. */
export const diffName = ({ old, new: recent }: Pick<StatedDiff, 'old' | 'new'>): string =>
  `diff ${old} ${recent}`;

/** The verdict on two builds of a library beside what a program linked with the old one does with the new. */
export function diffRows(
  stated: readonly StatedDiff[],
  predicted: ReadonlyMap<string, Comparison>,
  { stdout, ending }: ProgramRun,
): LabRow[] {
  return stated.map((diff) => {
    const comparison = predicted.get(diffName(diff));
    const [expected, ours] = [diff, comparison && judgementOf(comparison)].map(judgementText);
    const isAsBefore =
      ending.kind === 'status' &&
      ending.status === 0 &&
      stdout === diff.before.map((line) => `${line}\n`).join('');
    return judgedRow(diffName(diff), expected!, ours!, {
      text: `the program's output is ${isAsBefore ? 'as before' : 'not as before'}`,
      agrees: isAsBefore === (mustBeAsBefore(diff) && diff.unseen !== true),
    });
  });
}

const judgementOf = ({ verdict, bump, version, soname }: Comparison): Judgement => ({
  verdict,
  bump,
  version: version.status,
  soname: soname.status,
});

function judgementText(judgement: Judgement | undefined): string {
  if (judgement === undefined) return 'cannot be compared';
  const { verdict, bump, version, soname } = judgement;
  return `${verdict}, ${bump} version, number ${version}, soname ${soname}`;
}

/** A new soname keeps a program apart from what is incompatible, but not from what is forbidden. */
const mustBeAsBefore = ({ verdict, soname }: Judgement): boolean =>
  !breaks(verdict) || (verdict === 'incompatible' && soname === 'changed-as-it-must');
