import { describe, expect, test } from 'vitest';
import { isUndefined, loadFindings } from '../../src/analyses/index.ts';
import { ET, STB, sysvHash } from '../../src/elf/index.ts';
import { Binder, type Binding, loadProcess, type OpenOutcome } from '../../src/loader/index.ts';
import type { DynamicObject, Finding } from '../../src/model/index.ts';
import { type Literal, type LiteralSymbol, literalContext, literalObject } from '../loader/literals.ts';

/** What is found amiss in a process whose files are written down. */
function findings(
  root: DynamicObject,
  files: Readonly<Record<string, DynamicObject | OpenOutcome>> = {},
  options: { readonly preload?: string } = {},
): Finding[] {
  const process = loadProcess(literalContext(files, options), root, '/bin/program');
  const unresolved: Binding[] = [];
  new Binder().bind(process, 2036, (binding) => {
    if (isUndefined(binding)) unresolved.push(binding);
  });
  return loadFindings(process, unresolved);
}

const program = (rest: Literal) => literalObject({ type: ET.EXEC, ...rest });
const words = (found: readonly Finding[]) =>
  found.map(({ severity, kind, message }) => `${severity} ${kind}: ${message}`);

describe('libraries', () => {
  test('one that is missing, once for each that needs it, and no symbols are judged then', () => {
    const undefinedSymbol: LiteralSymbol = { name: 'f', value: 0n };
    const root = program({ needed: ['liba.so', 'libgone.so'], symbols: [undefinedSymbol], references: [1] });
    const found = findings(root, { '/lib/liba.so': literalObject({ needed: ['libgone.so'] }) });
    const message =
      'error while loading shared libraries: libgone.so: cannot open shared object file: No such file or directory';
    expect(words(found)).toEqual([`error load.not-found: ${message}`, `error load.not-found: ${message}`]);
    expect(found.map(({ object }) => object)).toEqual(['/bin/program', '/lib/liba.so']);
    expect(found[0]!.evidence.map(({ text }) => text)).toEqual([
      'needs libgone.so',
      'tried in ld.so.cache: no entry',
      'tried by the default directories: /lib/libgone.so and 5 subdirectories, /usr/lib/libgone.so and 5 subdirectories: No such file or directory',
    ]);
  });

  test('one that cannot be opened is named by its path, one that cannot be mapped by its name', () => {
    const broken = (message: string): OpenOutcome => ({ kind: 'broken', message });
    const root = program({ needed: ['liba.so', 'libb.so'] });
    const found = findings(root, {
      '/lib/liba.so': broken('invalid ELF header'),
      '/lib/libb.so': broken('cannot dynamically load executable'),
    });
    const start = 'error load.wrong-format: error while loading shared libraries:';
    expect(words(found)).toEqual([
      `${start} /lib/liba.so: invalid ELF header`,
      `${start} libb.so: cannot dynamically load executable`,
    ]);
    expect(found.map(({ object }) => object)).toEqual(['/lib/liba.so', '/lib/libb.so']);
  });

  test('a broken file is told once, however many need it', () => {
    const files = {
      '/lib/liba.so': literalObject({ needed: ['libbad.so'] }),
      '/lib/libbad.so': { kind: 'broken', message: 'file too short' },
    } as const;
    expect(findings(program({ needed: ['libbad.so', 'liba.so'] }), files)).toHaveLength(1);
  });

  test('a preload that cannot be loaded is only warned of', () => {
    const files = { '/lib/libbad.so': { kind: 'broken', message: 'invalid ELF header' } } as const;
    expect(words(findings(program({}), files, { preload: 'libbad.so libgone.so' }))).toEqual([
      "warning load.not-found: object 'libbad.so' from LD_PRELOAD cannot be preloaded (invalid ELF header): ignored",
      "warning load.not-found: object 'libgone.so' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored",
    ]);
  });
});

describe('symbols', () => {
  const reference: LiteralSymbol = { name: 'f', value: 0n };

  test('undefined in a program: at start, or at the first call', () => {
    const found = findings(
      program({ symbols: [reference, { ...reference, name: 'g' }], references: [1, [2, 'plt']] }),
    );
    const start = 'error load.undefined-symbol: symbol lookup error: /bin/program: undefined symbol:';
    expect(words(found)).toEqual([`${start} f`, `${start} g`]);
    expect(found.map(({ evidence }) => evidence[0]!.text)).toEqual([
      expect.stringMatching(/^bound at start/),
      expect.stringMatching(/^a function bound lazily/),
    ]);
    const now = program({ bindNow: true, symbols: [reference], references: [[1, 'plt']] });
    expect(findings(now)[0]!.evidence[0]!.text).toMatch(/^bound at start/);
  });

  test('a weak reference may stay undefined, a symbol is told once', () => {
    expect(findings(program({ symbols: [{ ...reference, binding: STB.WEAK }], references: [1] }))).toEqual(
      [],
    );
    expect(findings(program({ symbols: [reference], references: [1, [1, 'plt'], 1] }))).toHaveLength(1);
  });

  test('a library by itself may leave symbols to whoever loads it', () => {
    const [found] = findings(
      literalObject({ symbols: [{ name: 'g', value: 0n }, reference], references: [1, 2] }),
    );
    expect(found).toMatchObject({
      severity: 'note',
      message: '/bin/program leaves 2 symbols to the program that loads it: f, g',
    });
  });
});

describe('versions', () => {
  const entry = { name: 'V1', hash: sysvHash('V1'), index: 2, hidden: false };
  const versions = {
    needs: [{ file: 'libv.so', versions: [{ ...entry, flags: 0 }] }],
    definitions: [],
    byIndex: new Map([[2, { ...entry, file: 'libv.so' }]]),
  };
  const root = program({
    needed: ['libv.so'],
    versions,
    symbols: [{ name: 'f', value: 0n, versym: 2 }],
    references: [1],
  });
  const base = { name: 'libv.so', hash: 1, index: 1, flags: 1, base: true, parents: [] };
  const definition = { ...base, name: 'V2', hash: sysvHash('V2'), index: 2, flags: 0, base: false };
  const provider = (definitions: readonly (typeof base)[], versym?: number) =>
    literalObject({
      symbols: [{ name: 'f', ...(versym === undefined ? {} : { versym }) }],
      versions: {
        needs: [],
        definitions,
        byIndex: new Map(
          definitions.slice(1).map(({ index, name, hash }) => [index, { name, hash, hidden: false }]),
        ),
      },
    });

  test('one that the library does not define, and what it does define', () => {
    const found = findings(root, { '/lib/libv.so': provider([base, definition], 2) });
    expect(words(found)).toEqual([
      "error load.missing-version: /lib/libv.so: version `V1' not found (required by /bin/program)",
      'error load.undefined-symbol: symbol lookup error: /bin/program: undefined symbol: f, version V1',
    ]);
    expect(found[0]!.evidence.map(({ text }) => text)).toContain('defines V2');
  });

  test('a library without versions: a warning, and the end where a look-up comes upon it', () => {
    const warning =
      'warning load.no-version-information: /lib/libv.so: no version information available (required by /bin/program)';
    expect(words(findings(root, { '/lib/libv.so': provider([], 1) }))).toEqual([warning]);
    const found = findings(root, { '/lib/libv.so': provider([]) });
    expect(words(found)).toEqual([
      warning,
      expect.stringMatching(/^error load\.no-version-information: Inconsistency detected by ld\.so: /),
    ]);
    const first = { '/lib/libv.so': provider([]), '/lib/libw.so': provider([]) };
    expect(words(findings(root, first, { preload: 'libw.so' }))).toEqual([warning]);
  });

  test('a library that is no longer needed', () => {
    const found = findings({ ...root, needed: [], dependencies: [] }, {}, {});
    expect(words(found)[0]).toMatch(
      /^error load\.missing-version: Inconsistency detected by ld\.so: dl-version\.c/,
    );
  });
});
