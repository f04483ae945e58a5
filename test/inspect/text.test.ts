import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, STB, STT } from '../../src/elf/index.ts';
import { exportsOf, inspectElf, versionedName } from '../../src/model/inspection/index.ts';
import { writeElfText } from '../../src/report/inspect/text.ts';
import { PLAIN } from '../../src/report/style.ts';
import { MANGLED } from '../../src/report/symbol-names.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { libraryOf, objectOf } from '../support/flavours.ts';

const ENCODING = { is64: true, littleEndian: true };
const X86_64 = 62;

const factsOf = (spec: ElfSpec) =>
  inspectElf(new ElfFile(memorySource(assemble(spec))), 'lib.so', { symbolTable: true }).facts;

function textOf(spec: ElfSpec, options: { layout?: boolean; symbolTable?: boolean } = {}): string {
  let text = '';
  const write = (piece: string) => {
    text += piece;
  };
  writeElfText(factsOf(spec), write, {
    style: PLAIN,
    showNames: MANGLED,
    order: 'name',
    layout: false,
    symbolTable: false,
    ...options,
  });
  return text;
}

const linesOf = (text: string, title: string) => {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`${title} (`));
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf('', start));
};

test('a library as people see it', () => {
  const text = textOf(libraryOf(ENCODING, X86_64));
  const summary = text.slice(0, text.indexOf('\n\n'));
  for (const line of [
    /^lib\.so$/,
    / type +shared object, 64-bit little-endian X86_64$/,
    / build id +deadbeef$/,
    / soname +libevery\.so\.1$/,
    / needed +libc\.so\.6, libm\.so\.6$/,
    / dlopen +libz\.so\.1 \(zlib, recommended\)$/,
    / package +type=deb, name=every, version=1\.0$/,
    / runpath +\$ORIGIN\/\.\.\/lib$/,
    / DT_FLAGS_1 +NOW, NODELETE$/,
    / defines +V1, V2$/,
    / needs +libc\.so\.6: LIBC_1 \(weak\), LIBC_2$/,
    / hardening +position-independent, /,
    / debug +symbol table, link to every\.debug \(CRC 0xcafe\)$/,
  ]) {
    expect(
      summary.split('\n').filter((found) => line.test(found)),
      String(line),
    ).toHaveLength(1);
  }
  const columns = (title: string) => linesOf(text, title).map((line) => line.trim().split(/ {2,}/));
  expect(columns('exports').map((cells) => cells.slice(2))).toEqual([
    ['TYPE', 'SYMBOL'],
    ['object', 'buffer'],
    ['notype', 'constant'],
    ['func', 'f@V1'],
    ['func', 'f@@V2'],
    ['func', 'guarded', '[protected]'],
    ['unique object', 'only_one'],
    ['tls', 'per_thread'],
    ['tls', 'per_thread_zero'],
    ['ifunc', 'resolver'],
    ['func', 'start'],
  ]);
  expect(
    linesOf(text, 'imports')
      .slice(1)
      .map((line) => line.trim().split(/ {2,}/)[1]),
  ).toEqual(['cos@LIBM_1 (libm.so.6)', 'free@LIBC_2 (libc.so.6)', 'malloc@LIBC_1 (libc.so.6)', 'maybe']);
});

test('an object file shows what the link editor sees', () => {
  const text = textOf(objectOf(ENCODING, X86_64), { layout: true });
  expect(text).toContain('relocatable object');
  expect(linesOf(text, 'definitions').join('\n')).toContain('inline_function');
  expect(linesOf(text, 'references').join('\n')).toContain('other');
  expect(linesOf(text, 'section groups').length).toBeGreaterThan(1);
});

describe('names', () => {
  const withNames = (names: readonly string[]): ElfSpec => ({
    class: 64,
    littleEndian: true,
    machine: X86_64,
    hash: 'sysv',
    symbols: names.map((name) => ({ name, type: STT.FUNC, binding: STB.GLOBAL })),
  });

  test('cannot change what a terminal shows, and keep their letters', () => {
    const text = textOf(withNames(['plain', 'größe', 'evil\x1b[2J\nline']));
    expect(text).toContain('größe');
    expect(text).toContain('evil\\x1b[2J\\x0aline');
    expect(text).not.toContain('\x1b');
  });

  test('a name of many thousand letters', () => {
    const long = 'n'.repeat(200_000);
    expect(textOf(withNames(['a', long, 'z']))).toContain(`${long}\n`);
  });

  test('stand in the order of their bytes', () => {
    const letters = fc.string({
      unit: fc.constantFrom('a', 'b', 'Z', '_', 'é', '\u{10000}'),
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.uniqueArray(letters, { minLength: 1, maxLength: 200 }), (names) => {
        const { symbols, indexes } = exportsOf(factsOf(withNames(names)).dynamic!.symbols, 'name');
        const sorted = [...indexes].map((index) => versionedName(symbols.at(index)));
        const expected = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(sorted).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
