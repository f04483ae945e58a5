import { FormatError } from '../../bytes/index.ts';
import { type ElfFile, symbolName } from '../../elf/index.ts';
import type { DynamicObject } from '../../model/index.ts';
import type { DerivedLibc } from './libc.ts';

/** Names of loaders, as PT_INTERP and DT_NEEDED spell them. */
const MUSL_NAME = /(^|\/)(ld-musl-|libc\.musl-)/;
const GLIBC_NAME = /(^|\/)(ld-linux|ld64?\.so\.|libc\.so\.6$)/;
const BIONIC_LOADER = /(^|\/)system\/bin\/linker(64)?(_asan)?$/;
/** Inline namespaces of std in the libc++ of Android and of OpenHarmony's SDK. */
const NDK_NAMESPACE = /St6__ndk1/;
const OHOS_NAMESPACE = /St(3__h|4__n1)/;

/**
 * For which C library a library was made. Notes are the surest sign, then names of loaders and C libraries,
 * then the versions of symbols, then the standard library's namespace. A plain `libc.so` is what Android,
 * OpenHarmony and some builds against musl need: it decides nothing by itself.
 */
export function deriveLibc(file: ElfFile, object: DynamicObject): DerivedLibc {
  const stated = (libc: DerivedLibc['libc'], evidence: string): DerivedLibc => ({
    libc,
    certainty: 'stated',
    evidence,
  });
  const owner = noteOwners(file).find((name) => name === 'Android' || name === 'OHOS');
  if (owner === 'Android') return stated('bionic', 'a note of Android (.note.android.ident)');
  if (owner === 'OHOS') return stated('ohos', 'a note of OpenHarmony (.note.ohos.ident)');
  const names = [...object.needed, ...(object.interpreter === undefined ? [] : [object.interpreter])];
  const musl = names.find((name) => MUSL_NAME.test(name));
  const glibc = names.find((name) => GLIBC_NAME.test(name));
  const bionic = names.find((name) => BIONIC_LOADER.test(name));
  if (musl !== undefined) return stated('musl', `it needs ${musl}`);
  if (bionic !== undefined) return stated('bionic', `its loader is ${bionic}`);
  if (glibc !== undefined) return stated('glibc', `it needs ${glibc}`);
  const version = object.versions.needs
    .flatMap(({ versions }) => versions)
    .find(({ name }) => /^GLIBC_/.test(name));
  if (version !== undefined) return stated('glibc', `it needs the version ${version.name}`);
  if (
    object.versions.needs.some(
      ({ file: from, versions }) => from === 'libc.so' && versions.some(({ name }) => name === 'LIBC'),
    )
  ) {
    return stated('bionic', 'it needs the version LIBC of libc.so');
  }
  const { symbols } = object;
  for (let index = 1; index < symbols.count; index++) {
    const name = symbolName(symbols, index);
    if (NDK_NAMESPACE.test(name)) return stated('bionic', `${name}: the libc++ of Android's NDK`);
    if (OHOS_NAMESPACE.test(name)) return stated('ohos', `${name}: the libc++ of OpenHarmony's SDK`);
  }
  const libcSo = object.needed.includes('libc.so');
  if (libcSo)
    return {
      libc: 'musl',
      certainty: 'assumed',
      evidence: 'it needs libc.so, which is also the name of bionic and of OpenHarmony',
    };
  return {
    libc: 'glibc',
    certainty: 'assumed',
    evidence: 'nothing in the file tells for which C library it was made',
  };
}

/** Owners of the notes; damaged ones, which no loader reads, tell nothing. */
function noteOwners(file: ElfFile): string[] {
  try {
    const notes = [...file.notes, ...(file.sections.length === 0 ? [] : file.sectionNotes)];
    return notes.map(({ owner }) => owner);
  } catch (error) {
    if (error instanceof FormatError) return [];
    throw error;
  }
}
