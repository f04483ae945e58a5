import { type Change, type LibraryExports, nextSoname, type SonameAdvice } from '../../model/index.ts';
import { makeChange } from './make-change.ts';

/**
 * A program asks for its libraries by soname. One that changes without need is not found by anybody; one that
 * stays in spite of a break is found by everybody that it breaks.
 */
export function sonameAdvice(old: LibraryExports, recent: LibraryExports, broken: boolean): SonameAdvice {
  const before = old.soname;
  const after = recent.soname;
  const names = {
    ...(before === undefined ? {} : { old: before }),
    ...(after === undefined ? {} : { new: after }),
  };
  if (before === undefined && after === undefined) return { status: 'none' };
  // Without a soname programs ask for the file name they were linked with.
  const asked = before ?? old.fileName;
  if (after === asked) {
    const wanted = broken ? nextSoname(asked) : after;
    return {
      status: broken ? 'must-change' : 'right',
      ...names,
      ...(wanted === undefined ? {} : { wanted }),
    };
  }
  if (broken && after !== undefined) return { status: 'changed-as-it-must', ...names, wanted: after };
  const wanted = broken ? nextSoname(asked) : asked;
  return { status: 'changed-without-cause', ...names, ...(wanted === undefined ? {} : { wanted }) };
}

/** The change that the advice is about; nothing where the soname stayed. */
export function sonameChange({ status, old, new: now, wanted }: SonameAdvice): Change[] {
  const text = (soname: string | undefined) => soname ?? 'none';
  switch (status) {
    case 'none':
    case 'right':
    case 'must-change':
      return [];
    case 'changed-as-it-must':
      return [
        makeChange({
          kind: 'abi.soname',
          effect: 'incompatible',
          severity: 'note',
          subject: text(now),
          message: `${text(old)} before, ${text(now)} now: it was changed as it must`,
          consequence: 'programs go on using the old file, which has to stay installed beside the new one',
        }),
      ];
    case 'changed-without-cause':
      return [unfounded(text(old), text(now), old !== undefined, wanted)];
  }
}

/** A program that was linked with a library without soname asks for a file name that need not be this one. */
function unfounded(before: string, after: string, had: boolean, wanted: string | undefined): Change {
  return makeChange({
    kind: 'abi.soname',
    effect: had ? 'incompatible' : 'identical',
    severity: had ? 'error' : 'warning',
    subject: had ? before : after,
    message: after === 'none' ? `${before} before, none now` : `${before} before, ${after} now, without need`,
    consequence: had
      ? `programs ask for ${before} and do not find it`
      : 'programs ask for the file name that they were linked with',
    ...(wanted === undefined ? {} : { fix: `link with -Wl,-soname,${wanted}` }),
  });
}
