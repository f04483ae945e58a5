import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportingObject } from '../../src/analyses/exports/library.ts';
import { THIRD_PARTIES } from '../../src/analyses/exports/third-party.ts';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { loadContext } from '../../src/host/index.ts';
import { dynamicObject } from '../../src/model/index.ts';
import { assemble } from '../support/assembler/index.ts';
import { dynamicSymbols } from './tools.ts';

const FOLDER = '/usr/lib/x86_64-linux-gnu';

/** The shared libraries of the projects, as far as Debian has them: they export what the table says. */
const REAL: Readonly<Record<string, string>> = {
  'libstdc++': 'libstdc++.so.6',
  'the C++ runtime (libsupc++ or libc++abi)': 'libstdc++.so.6',
  'the unwinder (libgcc_eh or libunwind)': 'libgcc_s.so.1',
  zlib: 'libz.so.1',
  bzip2: 'libbz2.so.1.0',
  liblzma: 'liblzma.so.5',
  zstd: 'libzstd.so.1',
  lz4: 'liblz4.so.1',
  brotli: 'libbrotlidec.so.1',
  'OpenSSL libcrypto': 'libcrypto.so.3',
  'OpenSSL libssl': 'libssl.so.3',
  libcurl: 'libcurl.so.4',
  libpng: 'libpng16.so.16',
  libjpeg: 'libjpeg.so.62',
  libtiff: 'libtiff.so.6',
  libwebp: 'libwebp.so.7',
  FreeType: 'libfreetype.so.6',
  HarfBuzz: 'libharfbuzz.so.0',
  expat: 'libexpat.so.1',
  libxml2: 'libxml2.so.2',
  SQLite: 'libsqlite3.so.0',
  libffi: 'libffi.so.8',
  PCRE2: 'libpcre2-8.so.0',
  GMP: 'libgmp.so.10',
  GLib: 'libglib-2.0.so.0',
  ICU: 'libicuuc.so.72',
  libuv: 'libuv.so.1',
  Lua: 'liblua5.4.so.0',
  'Protocol Buffers': 'libprotobuf.so.32',
};

const system = loadContext({ libraryPath: undefined, preload: undefined });

describe.each(THIRD_PARTIES.map((party) => [party.name, party] as const))('%s', (name, party) => {
  it('is recognised by its witnesses, except in a library of that name', () => {
    const symbols = party.witnesses.map((witness) => ({ name: witness }));
    const object = (soname: string) => {
      const file = new ElfFile(memorySource(assemble({ soname, symbols })));
      return exportingObject(dynamicObject(file, 'library')!, 'library');
    };
    const found = object('libbundle.so.1').bundled;
    expect(found.map((bundle) => bundle.party.name)).toContain(name);
    const all = found.find((bundle) => bundle.party === party)!.symbols;
    expect(all.map((symbol) => symbol.name).sort()).toEqual([...party.witnesses].sort());
    expect(object('libbundle.so.1').own.map((symbol) => symbol.name)).toEqual([]);
    const fewer = new ElfFile(
      memorySource(assemble({ soname: 'libbundle.so.1', symbols: symbols.slice(1) })),
    );
    const partial = exportingObject(dynamicObject(fewer, 'library')!, 'library').bundled;
    expect(partial.map((bundle) => bundle.party.name)).not.toContain(name);
  });

  const path = `${FOLDER}/${REAL[name]}`;
  it.skipIf(REAL[name] === undefined || !existsSync(path))('is not held against its own library', () => {
    const target = system.openTarget(path);
    if (target.kind !== 'dynamic') throw new Error(target.kind);
    expect(exportingObject(target.object, path).bundled.map((bundle) => bundle.party.name)).toEqual([]);
    const exported = new Set(
      dynamicSymbols(path)
        .filter(({ defined }) => defined)
        .map((symbol) => symbol.name),
    );
    expect(
      party.witnesses.filter((witness) => !exported.has(witness) && !exported.has(`${witness}_72`)),
    ).toEqual([]);
    expect(
      party.witnesses.filter((witness) => !party.family.test(witness) && !/^x|^concat/.test(witness)),
    ).toEqual([]);
  });
});
