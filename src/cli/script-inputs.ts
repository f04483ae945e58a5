import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ScriptInput } from '../analyses/script/test-script.ts';
import { isArchive, readArchive } from '../archive/index.ts';
import { FormatError } from '../bytes/index.ts';
import { looksLikeElf } from '../elf/index.ts';
import { openFile } from '../host/file-source.ts';
import { memberFiles } from '../host/member-files.ts';
import { type FileSymbols, parseScript, readSymbols, type VersionScript } from '../script/index.ts';
import { InputError } from './errors.ts';

/** Larger scripts are not read: the parser's limit of names at some 80 bytes each. */
const MAX_SCRIPT = 8 << 20;

export function readScript(path: string): VersionScript {
  const { size } = statSync(path);
  if (size > MAX_SCRIPT) throw new InputError(`${path}: ${size} bytes are too many for a version script`);
  return parseScript(readFileSync(path, 'utf8'), path);
}

/** Whether a file is something with symbols; anything else on a command line is a script. */
export function hasSymbols(path: string): boolean {
  using source = openFile(path);
  return (
    isArchive(source.read(0, Math.min(8, source.size), 'archive')) ||
    (source.size > 0 && looksLikeElf(source))
  );
}

/** The symbols of a library or program. */
export function readLinked(path: string): FileSymbols {
  return inFile(path, () => {
    using source = openFile(path);
    return readSymbols(source);
  });
}

/** The symbols of objects, archives (all their members) and libraries. */
export function readInputs(paths: readonly string[]): ScriptInput[] {
  return paths.flatMap((path) =>
    inFile(path, (): ScriptInput[] => {
      using source = openFile(path);
      if (!isArchive(source.read(0, Math.min(8, source.size), 'archive'))) {
        const { linked, symbols } = readSymbols(source);
        return [{ path, linked, symbols }];
      }
      using files = memberFiles(path);
      return readArchive(source).members.flatMap((member) => {
        const contents = files.open(member);
        if (contents === undefined || contents.size === 0 || !looksLikeElf(contents)) return [];
        return [{ path: `${path}(${member.name})`, linked: false, symbols: readSymbols(contents).symbols }];
      });
    }),
  );
}

function inFile<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`${path}: ${error.message}`);
    throw error;
  }
}

const HEADER = /\.(h|hh|hpp|hxx|h\+\+|inc|tcc|ipp)$|^[^.]+$/i;

/** The texts of all headers below a folder, or of one file. */
export function headerTexts(path: string): string[] {
  if (!statSync(path).isDirectory()) return [readFileSync(path, 'utf8')];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && HEADER.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
