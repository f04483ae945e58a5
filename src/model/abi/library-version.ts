import type { Bump } from './verdict.ts';

/** The numbers behind `.so.` in a file name (`libfoo.so.1.2.3`: 1, 2, 3); undefined where there are none. */
export function versionOf(fileName: string): readonly number[] | undefined {
  const match = /\.so\.(\d{1,9}(?:\.\d{1,9})*)$/.exec(fileName);
  return match === null ? undefined : match[1]!.split('.').map(Number);
}

/** Which is newer: negative, 0 or positive. A missing number counts as 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The least version after `version` that this bump allows: of 1.2.3 it is 1.2.4, 1.3.0 or 2.0.0. A version
 * of fewer numbers keeps their count where it can: the next minor of 1.2 is 1.3.
 */
export function bumped(version: readonly number[], bump: Bump): readonly number[] {
  const at = { major: 0, minor: 1, patch: 2 }[bump];
  const length = Math.max(version.length, at + 1);
  return Array.from({ length }, (_, index) => {
    const number = version[index] ?? 0;
    if (index < at) return number;
    return index === at ? number + 1 : 0;
  });
}

/** The soname of the next major version (`libfoo.so.2` after `libfoo.so.1`); undefined without a number to raise. */
export function nextSoname(soname: string): string | undefined {
  const match =
    /^(.*\.so\.)(\d{1,9})(?:\.\d+)*$/.exec(soname) ?? /^(.*-)(\d{1,9})(?:\.\d+)*\.so$/.exec(soname);
  if (match === null) return undefined;
  return `${match[1]}${Number(match[2]) + 1}${soname.endsWith('.so') ? '.so' : ''}`;
}
