/**
 * What becomes of a program that was linked against OLD when it meets NEW, from the best to the worst:
 * - `identical`: the same exports with the same meaning; OLD is replaced without a thought.
 * - `compatible`: exports were added, or changed in ways that no caller can notice; NEW replaces OLD.
 * - `incompatible`: an export is gone; NEW needs a soname of its own, and both files stay side by side.
 * - `forbidden`: the same name means something else; a new soname does not save a process that loads both.
 */
export const VERDICTS = ['identical', 'compatible', 'incompatible', 'forbidden'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Which number of the version MAJOR.MINOR.PATCH has to go up at least, from the least to the most. */
export const BUMPS = ['patch', 'minor', 'major'] as const;
export type Bump = (typeof BUMPS)[number];

/** The worst of some verdicts; `identical` for none. */
export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, VERDICTS.indexOf(verdict));
  return VERDICTS[worst]!;
}

const REQUIRED: Readonly<Record<Verdict, Bump>> = {
  identical: 'patch',
  compatible: 'minor',
  incompatible: 'major',
  forbidden: 'major',
};

export const requiredBump = (verdict: Verdict): Bump => REQUIRED[verdict];

/** Whether programs that were linked against OLD break. */
export const breaks = (verdict: Verdict): boolean => verdict === 'incompatible' || verdict === 'forbidden';
