import { FormatError } from '../../bytes/index.ts';

/** What `read` makes of a file's contents; undefined where they are damaged: a diagnosis goes on without them. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
