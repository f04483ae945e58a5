/**
 * ld.so by itself has words for a few errors of the system, and numbers for all others (glibc elf/dl-minimal.c);
 * dlerror(3) has the C library's words for them.
 */
export const inWords = (message: string): string =>
  message.replace(/: Error (\d+)$/, (whole, number: string) => {
    const text = ERROR_TEXTS[Number(number)];
    return text === undefined ? whole : `: ${text}`;
  });

/** What opening a file may meet besides, by errno(3) of Linux. */
const ERROR_TEXTS: Readonly<Record<number, string>> = {
  6: 'No such device or address',
  19: 'No such device',
  20: 'Not a directory',
  21: 'Is a directory',
  24: 'Too many open files',
  36: 'File name too long',
  40: 'Too many levels of symbolic links',
  116: 'Stale file handle',
};
