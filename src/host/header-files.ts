import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { systemErrorText } from './system-error.ts';

/** C and C++ headers; those of C++ may have no suffix at all. */
const SUFFIXES = ['', '.h', '.hh', '.hpp', '.hxx', '.h++', '.H', '.inl', '.inc', '.ipp', '.tcc', '.def'];

export interface HeaderFiles {
  readonly texts: readonly string[];
  /** What could not be read, in the system's words. */
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

/** The headers at these places: files as they are, directories with all that is below them. */
export function readHeaders(places: readonly string[]): HeaderFiles {
  const texts: string[] = [];
  const problems: { path: string; message: string }[] = [];
  const attempt = (path: string, read: () => void) => {
    try {
      read();
    } catch (error) {
      const message = systemErrorText(error);
      if (message === undefined) throw error;
      problems.push({ path, message });
    }
  };
  const readFile = (path: string) => attempt(path, () => texts.push(readFileSync(path, 'latin1')));
  for (const place of places) {
    attempt(place, () => {
      if (!statSync(place).isDirectory()) readFile(place);
      else for (const path of headersBelow(place)) readFile(path);
    });
  }
  return { texts, problems };
}

function headersBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && SUFFIXES.includes(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
}
