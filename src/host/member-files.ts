import { dirname, resolve } from 'node:path';
import { type ArchiveMember, readArchive } from '../archive/index.ts';
import type { ByteSource } from '../bytes/index.ts';
import { type FileSource, openFile } from './file-source.ts';

/** The contents of an archive's members, wherever they lie; one file at a time is open. */
export interface MemberFiles extends Disposable {
  /** Good until the next call. Undefined for a member of a nested archive that is not there. */
  open(member: ArchiveMember): ByteSource | undefined;
}

/**
 * Opens members of the archive at `archivePath`. Those of a thin archive are files beside it, or members of
 * other archives (ar(1), `--thin`). Throws the system's error for a file that is gone.
 */
export function memberFiles(archivePath: string): MemberFiles {
  let current: FileSource | undefined;
  const close = () => {
    current?.close();
    current = undefined;
  };
  return {
    open(member) {
      if (member.source !== undefined) return member.source;
      close();
      current = openFile(resolve(dirname(archivePath), member.name));
      if (member.nestedOffset === undefined) return current;
      const nested = readArchive(current).members;
      return nested.find(({ headerOffset }) => headerOffset === member.nestedOffset)?.source;
    },
    [Symbol.dispose]: close,
  };
}
