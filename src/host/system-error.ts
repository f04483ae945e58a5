/** What the C library says for the errors that opening and reading a file can meet (strerror(3)). */
const TEXTS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EINVAL: 'not a regular file',
  EIO: 'Input/output error',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  EMFILE: 'Too many open files',
  ENAMETOOLONG: 'File name too long',
  ENODEV: 'No such device',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  ENXIO: 'No such device or address',
  EPERM: 'Operation not permitted',
  ESTALE: 'Stale file handle',
};

/** The text of a system error; undefined for any other kind of error, which is then a fault of solder. */
export function systemErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (!('syscall' in error) && !(error.code in TEXTS)) return undefined;
  return TEXTS[error.code] ?? error.code;
}
