import type { ByteSource } from '../../bytes/index.ts';

/** What stands at a path, beyond what a loader wants to know. */
export type PathState =
  | { readonly kind: 'file'; readonly isReadable: boolean }
  | { readonly kind: 'directory' }
  /** A device, a pipe, a socket. */
  | { readonly kind: 'special' }
  /** A symbolic link whose target is not there; both as paths. */
  | { readonly kind: 'dangling'; readonly link: string; readonly target: string }
  /** Symbolic links that lead in a circle. */
  | { readonly kind: 'loop' }
  /** A directory on the way that may not be searched. */
  | { readonly kind: 'denied'; readonly directory: string }
  /** Nothing; `missing` is the first part of the path that is not there, or is no directory. */
  | { readonly kind: 'absent'; readonly missing: string };

/**
 * What the diagnosis asks of the file system besides the loader's own questions. Paths are those of the process.
 * Nothing throws for what the system says of a path.
 */
export interface DiagnosisFiles {
  state(path: string): PathState;
  /** Names in a directory, sorted; none where it cannot be read. */
  list(directory: string): readonly string[];
  /**
   * What `use` makes of a regular file's bytes, which are there while it runs; undefined when the file cannot be
   * read. What `use` throws is thrown, `FormatError` above all.
   */
  read<T>(path: string, use: (source: ByteSource) => T): T | undefined;
  /** Whether the file system that holds the file lets nothing be executed (mount option `noexec`). */
  isNoExec(path: string): boolean;
}
