import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, symbolName, sysvHash, VER_FLG, VERSYM_HIDDEN, VERSYM_INDEX } from '../../src/elf/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { formatFailure } from '../support/format-failure.ts';

const view = (spec: ElfSpec) => new ElfFile(memorySource(assemble(spec))).dynamic!;
const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((littleEndian) => ({ class: width as 32 | 64, littleEndian })),
);

const LIBRARY: ElfSpec = {
  soname: 'libv.so.1',
  symbols: [
    { name: 'old', version: 'V1', hidden: true },
    { name: 'old', version: 'V2' },
    { name: 'plain' },
    { name: 'malloc', section: 'UND', version: 'LIBC_1', from: 'libc.so.6' },
    { name: 'cos', section: 'UND', version: 'LIBM_1', from: 'libm.so.6' },
  ],
  versionDefinitions: [{ name: 'V1' }, { name: 'V2', parents: ['V1', 'V0'], flags: VER_FLG.WEAK }],
  versionNeeds: [
    {
      file: 'libc.so.6',
      versions: [
        { name: 'LIBC_1', flags: VER_FLG.WEAK },
        { name: 'LIBC_2', other: 0x8000 | 40 },
      ],
    },
  ],
};

describe('versions', () => {
  test.each(ENCODINGS)('definitions, base, weak, parents: %j', (encoding) => {
    const { definitions } = view({ ...LIBRARY, ...encoding }).versions;
    const hash = sysvHash;
    expect(definitions).toEqual([
      { name: 'libv.so.1', hash: hash('libv.so.1'), flags: VER_FLG.BASE, index: 1, base: true, parents: [] },
      { name: 'V1', hash: hash('V1'), flags: 0, index: 2, base: false, parents: [] },
      { name: 'V2', hash: hash('V2'), flags: VER_FLG.WEAK, index: 3, base: false, parents: ['V1', 'V0'] },
    ]);
  });

  test.each(ENCODINGS)('needs, weak and hidden: %j', (encoding) => {
    const { needs } = view({ ...LIBRARY, ...encoding }).versions;
    expect(needs.map(({ file }) => file)).toEqual(['libc.so.6', 'libm.so.6']);
    expect(needs[0]!.versions).toMatchObject([
      { name: 'LIBC_1', flags: VER_FLG.WEAK, index: 4, hidden: false },
      { name: 'LIBC_2', flags: 0, index: 40, hidden: true },
    ]);
    expect(needs[1]!.versions).toMatchObject([{ name: 'LIBM_1', index: 5 }]);
  });

  test('what the indexes of symbols mean; the base definition is no version', () => {
    const dynamic = view(LIBRARY);
    const { byIndex, versym } = dynamic.versions;
    expect([...byIndex.keys()].toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 40]);
    const found = Array.from({ length: dynamic.symbols.count }, (_, index) => {
      const entry = versym![index]!;
      const version = byIndex.get(entry & VERSYM_INDEX);
      return `${symbolName(dynamic.symbols, index)} ${version?.name} ${version?.file} ${(entry & VERSYM_HIDDEN) !== 0}`;
    });
    expect(found.toSorted()).toEqual(
      [
        ' undefined undefined false',
        'cos LIBM_1 libm.so.6 false',
        'malloc LIBC_1 libc.so.6 false',
        'old V1 undefined true',
        'old V2 undefined false',
        'plain undefined undefined false',
      ].toSorted(),
    );
  });

  test('a file without versions', () => {
    expect(view({ symbols: [{ name: 'f' }] }).versions).toEqual({
      needs: [],
      definitions: [],
      byIndex: new Map(),
      versym: undefined,
    });
  });

  test('the hash of version names, as the gABI computes it', () => {
    // GLIBC_2.2.5 is 0x09691a75 in every library linked against glibc on x86-64
    expect(sysvHash('GLIBC_2.2.5')).toBe(0x09691a75);
    expect(sysvHash('')).toBe(0);
  });
});

describe('version records that lie', () => {
  const failing = (set: NonNullable<ElfSpec['set']>) =>
    formatFailure(() => view({ ...LIBRARY, set }).versions).code;

  test.each([
    ['dynamic.VERNEEDNUM.d_val', 0x10000],
    ['dynamic.VERNEEDNUM.d_val', -1],
    ['dynamic.VERDEFNUM.d_val', 0x7fffffff],
    ['verneed.libc.so.6.vn_cnt', -1],
    ['verdef.V1.vd_cnt', -1],
    ['verneed.libc.so.6.vn_aux', -1],
    ['verneed.libc.so.6.vn_next', -1],
    ['vernaux.libc.so.6.LIBC_1.vna_next', -1],
    ['verdef.V1.vd_aux', 0x100000],
    ['verdef.V1.vd_next', 0x7fffffff],
  ])('%s = %s', (label, value) => {
    expect(failing({ [label]: value })).toBe('truncated');
  });

  test.each(['verneed.libc.so.6.vn_file', 'vernaux.libc.so.6.LIBC_1.vna_name', 'verdaux.V1.V1.vda_name'])(
    '%s is outside of DT_STRTAB',
    (label) => {
      expect(failing({ [label]: -1 })).toBe('bad-value');
    },
  );

  test('a chain ends where it says so, even if the count says more', () => {
    const { needs, definitions } = view({
      ...LIBRARY,
      set: { 'verneed.libc.so.6.vn_next': 0, 'verdef.V1.vd_next': 0, 'vernaux.libc.so.6.LIBC_1.vna_next': 0 },
    }).versions;
    expect(needs.map(({ versions }) => versions.map(({ name }) => name))).toEqual([['LIBC_1']]);
    expect(definitions.map(({ name }) => name)).toEqual(['libv.so.1', 'V1']);
  });

  test('counts below the chain win over the chain', () => {
    const set = {
      'dynamic.VERNEEDNUM.d_val': 1,
      'verneed.libc.so.6.vn_cnt': 1,
      'dynamic.VERDEFNUM.d_val': 0,
    };
    const { needs, definitions } = view({ ...LIBRARY, set }).versions;
    expect(needs.map(({ versions }) => versions.map(({ name }) => name))).toEqual([['LIBC_1']]);
    expect(definitions).toEqual([]);
  });

  test('no auxiliary records: a definition without a name', () => {
    const { definitions } = view({ ...LIBRARY, set: { 'verdef.V1.vd_cnt': 0 } }).versions;
    expect(definitions[1]).toMatchObject({ name: '', parents: [], index: 2 });
  });

  test('records that overlap would make a small file a large one', () => {
    const versions = Array.from({ length: 500 }, (_, index) => ({ name: `V${index}` }));
    const files = Array.from({ length: 500 }, (_, index) => `f${index}`);
    const needs = files.map((file) => ({ file, versions: [{ name: 'V' }] }));
    const spec: ElfSpec = { versionNeeds: [...needs, { file: 'last', versions }] };
    expect(view(spec).versions.needs).toHaveLength(501);
    // All needs claim the versions of the last one
    const set: Record<string, number> = {};
    for (const [index, file] of files.entries()) {
      set[`verneed.${file}.vn_cnt`] = 500;
      set[`verneed.${file}.vn_aux`] = 16 + 32 * (files.length - index);
    }
    expect(formatFailure(() => view({ ...spec, set }).versions)).toMatchObject({
      code: 'bad-value',
      detail: 'version records overlap',
    });
  });

  test('DT_VERSYM that leaves the segment', () => {
    expect(failing({ 'dynamic.VERSYM.d_val': 0xffff })).toBe('bad-value');
  });
});
