import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DT, EM } from '../../src/elf/index.ts';
import { assemble, assembleWithLabels, type ElfSpec } from '../support/assembler/index.ts';
import { flavours, libraryOf } from '../support/flavours.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'solder-assembler-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, spec: ElfSpec): string {
  const path = join(folder, name);
  writeFileSync(path, assemble(spec));
  return path;
}

const ENVIRONMENT = { ...process.env, LC_ALL: 'C' };
/** What readelf prints, and what it complains of. A note of a kind that it does not know makes its status 1. */
function readelf(path: string, ...options: string[]): { text: string; complaints: string } {
  const { stdout, stderr } = spawnSync('readelf', ['-W', ...options, path], {
    encoding: 'utf8',
    env: ENVIRONMENT,
  });
  return { text: stdout, complaints: stderr };
}

describe('readelf reads what the assembler makes', () => {
  test('without complaint, every flavour', () => {
    for (const [name, given] of flavours()) {
      // binutils 2.40 warns of a count of segments in section header 0, where the gABI wants it
      const spec = given.extendedNumbering ? { ...given, extendedNumbering: { sections: true } } : given;
      const options = ['-h', '-l', '-S', '-d', '-s', '--dyn-syms', '-V', '-r', '-n', '-g', '-I'];
      const { text, complaints } = readelf(write(name, spec), ...options);
      expect({ name, complaints }).toEqual({ name, complaints: '' });
      expect(text).not.toMatch(/<corrupt|<unknown>: [^1]|unrecognized|Warning|Error/i);
    }
  });

  test('and finds in it what was said', () => {
    const encoding = { is64: true, littleEndian: true };
    const path = write('libevery.so', libraryOf(encoding, EM.X86_64));
    const { text: dynamic } = readelf(path, '-d');
    for (const line of [
      'Shared library: [libc.so.6]',
      'Shared library: [libm.so.6]',
      'Library soname: [libevery.so.1]',
      'Library runpath: [$ORIGIN/../lib]',
      'Auxiliary library: [libaux.so]',
      'Filter library: [libfilter.so]',
      'SYMBOLIC BIND_NOW',
      'NOW NODELETE',
    ]) {
      expect(dynamic).toContain(line);
    }
    const { text: symbols } = readelf(path, '--dyn-syms');
    for (const line of [
      / FUNC +GLOBAL DEFAULT +\d+ f@V1$/m,
      / FUNC +GLOBAL DEFAULT +\d+ f@@V2$/m,
      / IFUNC +GLOBAL DEFAULT +\d+ resolver$/m,
      / 8 OBJECT +UNIQUE DEFAULT +\d+ only_one$/m,
      / FUNC +GLOBAL PROTECTED +\d+ guarded$/m,
      / TLS +GLOBAL DEFAULT +\d+ per_thread$/m,
      /: 000000000000002a .* ABS constant$/m,
      / UND malloc@LIBC_1 \(\d+\)$/m,
      / WEAK +DEFAULT +UND maybe$/m,
    ]) {
      expect(symbols).toMatch(line);
    }
    const { text: versions } = readelf(path, '-V');
    for (const line of [
      /Flags: BASE +Index: 1 +Cnt: 1 +Name: libevery.so.1/,
      /Flags: WEAK +Index: 3 +Cnt: 2 +Name: V2/,
    ]) {
      expect(versions).toMatch(line);
    }
    expect(versions).toMatch(/Parent 1: V1/);
    expect(versions).toMatch(/Name: LIBC_1 +Flags: WEAK +Version: 4/);
    const { text: relocations } = readelf(path, '-r');
    expect(relocations).toMatch(/R_X86_64_64 +[0-9a-f]+ f@V1 - 1$/m);
    expect(relocations).toMatch(/R_X86_64_JUMP_SLOT? +0+ cos@LIBM_1 \+ 0$/m);
    expect(relocations).toContain('6 offsets');
    const { text: notes } = readelf(path, '-n');
    expect(notes).toContain('Build ID: deadbeef');
    expect(notes).toContain('OS: Linux, ABI: 3.2.0');
    expect(notes).toContain('x86 feature: IBT, SHSTK');
  });

  test('hash tables through which every exported symbol is found', () => {
    const symbols = Array.from({ length: 300 }, (_, index) => ({ name: `function_${index}` }));
    const { text } = readelf(write('hashes.so', { symbols, hash: 'both' }), '-I');
    // Both histograms cover all symbols: one line a chain length, the last at 100%
    expect(text.match(/100\.0%$/gm)).toHaveLength(2);
  });
});

describe('the real loader takes them', () => {
  const onX86 = process.arch === 'x64';
  /** Loads and binds everything that a library needs, and runs none of it (ld.so(8), LD_TRACE_LOADED_OBJECTS). */
  const trace = (path: string) => {
    const env = {
      ...ENVIRONMENT,
      LD_TRACE_LOADED_OBJECTS: '1',
      LD_WARN: 'yes',
      LD_BIND_NOW: '1',
      LD_DEBUG: 'bindings',
    };
    return spawnSync('/lib64/ld-linux-x86-64.so.2', [path], { encoding: 'utf8', env });
  };

  test.runIf(onX86)('loads a graph of libraries, and binds a reference to a version', () => {
    write('libdeep.so.1', {
      soname: 'libdeep.so.1',
      symbols: [
        { name: 'deep', version: 'V1', hidden: true },
        { name: 'deep', version: 'V2' },
      ],
    });
    const top = write('libtop.so', {
      soname: 'libtop.so',
      needed: ['libdeep.so.1'],
      runpath: '$ORIGIN',
      symbols: [{ name: 'deep', section: 'UND', version: 'V1', from: 'libdeep.so.1' }],
      jmprel: [{ type: 7, symbol: 'deep' }],
      rela: [{ type: 6, symbol: 'deep' }],
    });
    const { stdout, stderr, status } = trace(top);
    expect(status).toBe(0);
    expect(stdout).toContain(`libdeep.so.1 => ${join(folder, 'libdeep.so.1')}`);
    expect(stderr).toMatch(/libtop\.so \[0\] to .*libdeep\.so\.1 \[0\]: normal symbol `deep' \[V1\]/);
    expect(stdout + stderr).not.toMatch(/undefined symbol|not found|error/);
  });

  test.runIf(onX86)('and misses what is not there', () => {
    const path = write('libmiss.so', { needed: ['libabsent.so'], symbols: [{ name: 'f' }] });
    expect(trace(path).stdout).toContain('libabsent.so => not found');
  });

  test.runIf(onX86)('a symbol is found by name through DT_GNU_HASH and through DT_HASH', () => {
    const symbols = Array.from({ length: 40 }, (_, index) => ({ name: `f${index}` }));
    for (const hash of ['gnu', 'sysv'] as const) {
      write(`lib${hash}.so`, { soname: `lib${hash}.so`, symbols, hash });
      const top = write(`libuser-${hash}.so`, {
        needed: [`lib${hash}.so`],
        runpath: '$ORIGIN',
        symbols: symbols.map(({ name }) => ({ name, section: 'UND' })),
        rela: symbols.map(({ name }) => ({ type: 6, symbol: name })),
      });
      const { stderr } = trace(top);
      expect(stderr.match(/normal symbol `f\d+'/g), hash).toHaveLength(40);
      expect(stderr).not.toContain('undefined symbol');
    }
  });
});

describe('the assembler', () => {
  test('makes the same bytes each time', () => {
    const spec = libraryOf({ is64: false, littleEndian: false }, EM.PPC);
    expect(assemble(spec)).toEqual(assemble(spec));
  });

  test('a field can be made a lie, and nothing else changes', () => {
    const { bytes, fields } = assembleWithLabels({ soname: 'liba.so' });
    const field = fields.find(({ label }) => label === 'dynamic.SONAME.d_tag')!;
    const lying = assemble({ soname: 'liba.so', set: { 'dynamic.SONAME.d_tag': DT.RUNPATH } });
    expect(lying.subarray(field.offset, field.offset + 8)).toEqual(
      Uint8Array.of(DT.RUNPATH, 0, 0, 0, 0, 0, 0, 0),
    );
    lying.set(bytes.subarray(field.offset, field.offset + 8), field.offset);
    expect(lying).toEqual(bytes);
    expect(() => assemble({ set: { 'no.such.field': 1 } })).toThrow('no field no.such.field');
  });

  test('labels are unique and lie in the file', () => {
    for (const [name, spec] of flavours()) {
      const { bytes, fields } = assembleWithLabels(spec);
      expect(new Set(fields.map(({ label }) => label)).size, name).toBe(fields.length);
      for (const { offset, size } of fields) expect(offset + size).toBeLessThanOrEqual(bytes.length);
    }
  });

  test('a tiny library is tiny', () => {
    expect(
      assemble({ soname: 'liba.so', needed: ['libb.so'], symbols: [{ name: 'f' }] }).length,
    ).toBeLessThan(2048);
  });
});
