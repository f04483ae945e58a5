import { type Dirent, lstatSync, opendirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DirectoryEntry, LibraryDirectory, LinkStep } from '../analyses/release/index.ts';
import { isLibraryName } from '../analyses/release/index.ts';
import { FormatError } from '../bytes/index.ts';
import { ElfFile, ET, looksLikeElf } from '../elf/index.ts';
import { type Diagnostic, type DynamicObject, dynamicObject } from '../model/index.ts';
import { openFile } from './file-source.ts';
import { systemErrorText } from './system-error.ts';

/**
 * Reads a directory of libraries: all its names, where its links lead, and the shared objects that names of
 * libraries lead to. Throws the system's error when the directory itself cannot be read; what is wrong with
 * single files becomes diagnostics.
 */
export function readLibraryDirectory(path: string): {
  readonly directory: LibraryDirectory;
  readonly diagnostics: readonly Diagnostic[];
} {
  const root = realpathSync(path);
  const entries: DirectoryEntry[] = [];
  const diagnostics: Diagnostic[] = [];
  const libraries = new Map<string, DynamicObject>();
  const seen = new Set<string>();
  for (const name of namesOf(root, path, diagnostics)) {
    const entry = readEntry(root, name);
    if (entry === undefined) continue;
    entries.push(entry);
    if (!isLibraryName(name)) continue;
    const shown = join(path, name);
    const note = (message: string) => diagnostics.push({ level: 'warning', message, object: shown });
    try {
      const identity = identityBehind(join(root, name));
      if (identity === undefined || seen.has(identity)) continue;
      seen.add(identity);
      const object = readSharedObject(join(root, name), shown, note);
      if (object !== undefined) libraries.set(identity, object);
    } catch (error) {
      const message = error instanceof FormatError ? error.message : systemErrorText(error);
      if (message === undefined) throw error;
      note(message);
    }
  }
  return { directory: { path, entries, libraries }, diagnostics };
}

/** In the order of readdir(3), which `readdir` of Node would sort. Names that are no UTF-8 are left out. */
function namesOf(root: string, path: string, diagnostics: Diagnostic[]): string[] {
  const names: string[] = [];
  // The type of a name is that of its encoding, whatever the declarations say.
  using directory = opendirSync(root, { encoding: 'buffer' as BufferEncoding });
  for (let found: Dirent | null; (found = directory.readSync()) !== null; ) {
    const raw = found.name as unknown as Uint8Array;
    const name = Buffer.from(raw).toString();
    if (Buffer.from(name).equals(raw)) names.push(name);
    else diagnostics.push({ level: 'warning', message: `a name is not UTF-8: ${name}`, object: path });
  }
  return names;
}

const identityOf = ({ dev, ino }: { dev: bigint; ino: bigint }) => `${dev}:${ino}`;

/** The file at the end of all links (stat(2)); undefined when there is none that can be reached. */
export function identityBehind(path: string): string | undefined {
  try {
    return identityOf(statSync(path, { bigint: true }));
  } catch {
    return undefined;
  }
}

function readEntry(root: string, name: string): DirectoryEntry | undefined {
  const path = join(root, name);
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (stat === undefined) return undefined; // gone since it was listed
  if (stat.isSymbolicLink()) {
    const target = readlinkSync(path);
    return { type: 'link', name, target, step: stepOf(root, target) };
  }
  const type = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other';
  return { type, name, identity: identityOf(stat) };
}

/** As many links as the kernel follows (path_resolution(7)). */
const MAX_LINKS = 40;

/** Follows a link until it comes to a name in `root`, or to a file elsewhere. */
function stepOf(root: string, target: string): LinkStep {
  let at = target;
  let from = root;
  try {
    for (let links = 0; links < MAX_LINKS; links++) {
      const cut = at.lastIndexOf('/') + 1;
      const name = at.slice(cut);
      const parent = realpathSync(resolve(from, at.slice(0, cut) || '.'));
      if (name === '' || name === '.' || name === '..') break;
      if (parent === root) return { kind: 'inside', name };
      const next = join(parent, name);
      if (!lstatSync(next).isSymbolicLink()) break;
      at = readlinkSync(next);
      from = parent;
    }
  } catch {
    return { kind: 'nowhere' };
  }
  const identity = identityBehind(resolve(root, target));
  return identity === undefined ? { kind: 'nowhere' } : { kind: 'outside', identity };
}

/**
 * A shared object as ldconfig takes one: ET_DYN with a dynamic section; undefined for anything else. One whose
 * symbols are damaged has none, since its soname counts all the same.
 */
function readSharedObject(
  path: string,
  shown: string,
  note: (message: string) => void,
): DynamicObject | undefined {
  if (!statSync(path).isFile()) return undefined;
  using source = openFile(path);
  if (!looksLikeElf(source)) return undefined;
  const file = new ElfFile(source);
  if (file.header.type !== ET.DYN) return undefined;
  const identity = { device: source.device, inode: source.inode };
  try {
    return dynamicObject(file, shown, identity);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const object = dynamicObject(file, shown, identity, 'dependencies');
    note(error.message);
    return object;
  }
}
