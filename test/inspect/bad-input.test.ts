import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FormatError, memorySource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { decompressors } from '../../src/host/decompressors.ts';
import { inspectElf } from '../../src/model/inspection/index.ts';
import { writeElfText } from '../../src/report/inspect/text.ts';
import { PLAIN } from '../../src/report/style.ts';
import { MANGLED } from '../../src/report/symbol-names.ts';
import { assemble } from '../support/assembler/index.ts';
import { libraryOf, objectOf } from '../support/flavours.ts';

const FILES = [true, false].flatMap((is64) =>
  [true, false].flatMap((littleEndian) => {
    const encoding = { is64, littleEndian };
    return [assemble(libraryOf(encoding, is64 ? 62 : 3)), assemble(objectOf(encoding, is64 ? 62 : 3))];
  }),
);

/** Facts, text and JSON of a file: whatever it holds, nothing but a `FormatError` or diagnostics come of it. */
function inspectAll(bytes: Uint8Array): void {
  try {
    const { facts } = inspectElf(new ElfFile(memorySource(bytes)), '-', { symbolTable: true, decompressors });
    writeElfText(facts, () => {}, {
      style: PLAIN,
      layout: true,
      symbolTable: true,
      showNames: MANGLED,
      order: 'name',
    });
    JSON.stringify(facts);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}

test('wrong bytes anywhere', () => {
  const change = fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff));
  fc.assert(
    fc.property(
      fc.constantFrom(...FILES),
      fc.array(change, { minLength: 1, maxLength: 6 }),
      (file, changes) => {
        const bytes = Uint8Array.from(file);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        inspectAll(bytes);
      },
    ),
    { numRuns: 3000 },
  );
});

test('files that end too early', () => {
  for (const file of FILES) {
    for (let length = 0; length < file.length; length += Math.ceil(file.length / 300))
      inspectAll(file.subarray(0, length));
  }
});

test('a broken part is left out with a diagnostic, the rest is shown', () => {
  const file = assemble(libraryOf({ is64: true, littleEndian: true }, 62));
  const { facts } = inspectElf(new ElfFile(memorySource(file)), 'lib.so', { symbolTable: false });
  const verdef = facts.dynamic!.entries.findIndex(({ tag }) => tag === 'VERDEF');
  const segment = facts.segments.find(({ type }) => type === 'DYNAMIC')!;
  const broken = Uint8Array.from(file);
  new DataView(broken.buffer).setBigUint64(Number(segment.offset) + verdef * 16 + 8, 0xdead_beefn, true);
  const { facts: rest, diagnostics } = inspectElf(new ElfFile(memorySource(broken)), 'lib.so', {
    symbolTable: false,
  });
  expect(diagnostics).toEqual([
    { level: 'warning', message: expect.stringContaining('DT_VERDEF'), object: 'lib.so' },
  ]);
  expect(rest.dynamic!.symbols).toHaveLength(facts.dynamic!.symbols.length);
  expect(rest.dynamic!.needed).toEqual(facts.dynamic!.needed);
});

test('unreadable section headers do not hide what the loader sees', () => {
  const file = assemble(libraryOf({ is64: true, littleEndian: true }, 62));
  const broken = Uint8Array.from(file);
  new DataView(broken.buffer).setBigUint64(40, BigInt(file.length - 8), true); // e_shoff
  const { facts, diagnostics } = inspectElf(new ElfFile(memorySource(broken)), 'lib.so', {
    symbolTable: true,
  });
  expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining('section headers')]);
  expect(facts.sections).toEqual([]);
  expect(facts.dynamic!.soname).toBe('libevery.so.1');
});
