import {
  analyseFarm,
  type DirectoryEntry,
  type LdconfigRules,
  type LibraryDirectory,
} from '../../src/analyses/release/index.ts';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, EM } from '../../src/elf/index.ts';
import { type DynamicObject, dynamicObject, type Finding } from '../../src/model/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';

export const MODERN: LdconfigRules = { machine: EM.X86_64, littleEndian: true, glibc: 2042 };

/** By name: a library, the text of a link, or a directory. */
export type Contents = Readonly<Record<string, ElfSpec | string | 'directory'>>;

export function objectOf(spec: ElfSpec, path: string): DynamicObject {
  return dynamicObject(new ElfFile(memorySource(assemble(spec))), path)!;
}

/** A library with these functions. */
export const exporting = (soname: string, ...names: string[]): ElfSpec => ({
  soname,
  symbols: names.map((name) => ({ name })),
});

/** A program that takes these functions from a library. */
export const using = (needed: string, ...names: string[]): ElfSpec => ({
  needed: [needed],
  symbols: names.map((name) => ({ name, section: 'UND' })),
});

/** A directory that exists nowhere: links without a slash lead inside, others nowhere. */
export function directoryOf(contents: Contents): LibraryDirectory {
  const libraries = new Map<string, DynamicObject>();
  const entries = Object.entries(contents).map(([name, what]): DirectoryEntry => {
    if (what === 'directory') return { type: 'directory', name, identity: name };
    if (typeof what === 'string') {
      const step = what.includes('/')
        ? { kind: 'nowhere' as const }
        : { kind: 'inside' as const, name: what };
      return { type: 'link', name, target: what, step };
    }
    libraries.set(name, objectOf(what, `lib/${name}`));
    return { type: 'file', name, identity: name };
  });
  return { path: 'lib', entries, libraries };
}

/** `severity kind subject`, as the report sorts them not at all. */
export function findingsOf(contents: Contents, programs: Readonly<Record<string, ElfSpec>> = {}): Finding[] {
  const objects = Object.entries(programs).map(([path, spec]) => objectOf(spec, path));
  return [...analyseFarm(directoryOf(contents), MODERN, objects).findings];
}

export const briefly = (findings: readonly Finding[]): string[] =>
  findings.map(({ kind, severity, subject }) => `${severity} ${kind} ${subject}`).sort();
