import type { TracedObject } from './event.ts';

/**
 * `PATH [N]` at the end of `text`, from `start` on. The path may hold anything, so that the last bracket counts.
 */
export function objectAtEnd(text: string, start: number, end = text.length): TracedObject | undefined {
  if (text.charCodeAt(end - 1) !== BRACKET) return undefined;
  const open = text.lastIndexOf(' [', end - 2);
  if (open < start) return undefined;
  const namespace = digits(text, open + 2, end - 1);
  return namespace < 0 ? undefined : { path: text.slice(start, open), namespace };
}

const BRACKET = 0x5d;

/** The decimal number that takes all of `start` to `end`; -1 for anything else. */
export function digits(text: string, start: number, end = text.length): number {
  if (start >= end || end - start > 16) return -1;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Paths that are printed with blanks between them. A path that holds a blank itself cannot be told from two: a
 * piece without a slash, unless it is the vDSO's name, is taken for the rest of the path before it.
 */
export function splitPaths(text: string): readonly string[] {
  const paths: string[] = [];
  for (const piece of text.split(' ')) {
    const isPath = piece.includes('/') || paths.length === 0 || VDSO.test(piece);
    if (isPath) paths.push(piece);
    else paths[paths.length - 1] += ` ${piece}`;
  }
  return paths;
}

const VDSO = /^linux-(vdso|gate)(32|64)?\.so\.\d+$/;

/** Whether a path is that of the object that the kernel maps into every process (vdso(7)). */
export const isVdso = (path: string): boolean => VDSO.test(path);
