import {
  bumped,
  compareVersions,
  type LibraryExports,
  requiredBump,
  type Verdict,
  type VersionAdvice,
  versionOf,
} from '../../model/index.ts';

/** Whether the version in NEW's file name went up as far as the verdict asks. */
export function versionAdvice(old: LibraryExports, recent: LibraryExports, verdict: Verdict): VersionAdvice {
  const before = versionOf(old.fileName);
  const after = versionOf(recent.fileName);
  const found = {
    ...(before === undefined ? {} : { old: before.join('.') }),
    ...(after === undefined ? {} : { new: after.join('.') }),
  };
  const sameName = stemOf(old.fileName) === stemOf(recent.fileName);
  if (before === undefined || after === undefined || !sameName) return { status: 'unknown', ...found };
  // A rebuild of the same release may keep its number.
  const least = verdict === 'identical' ? before : bumped(before, requiredBump(verdict));
  // A name such as libfoo.so.1 tells the major number alone: that is all that can be judged.
  const told = least.slice(0, after.length);
  const status = compareVersions(after, told) >= 0 ? 'right' : 'too-low';
  return { status, ...found, least: least.join('.') };
}

/** `libfoo` of `libfoo.so.1.2.3`: the numbers of two differently named files do not count one release after the other. */
const stemOf = (fileName: string): string => fileName.split('.so', 1)[0]!;
