import { describe, expect, test } from 'vitest';
import { declaredNames } from '../../src/analyses/script/declared-names.ts';
import { nextVersion, versionFromSoname } from '../../src/analyses/script/write-script.ts';
import {
  type Assignment,
  differing,
  LINKERS,
  parseScript,
  predictLink,
  predictOther,
  printScript,
  type SymbolToAssign,
} from '../../src/script/index.ts';
import { Choices } from './random.ts';

const symbol = (name: string): SymbolToAssign => ({
  name,
  defined: true,
  binding: 'global',
  visibility: 'default',
});

describe('errors say where and what was expected', () => {
  test.each([
    ['', "1:1: expected a version name or '{', found the end of the file"],
    ['V1 { foo }', "1:10: expected ';' after 'foo', found '}'"],
    ['V1 {\n  foo;\n}', "3:2: expected ';' after '}', found the end of the file"],
    ['V1 { foo bar; };', "1:10: expected ';' after 'foo', found 'bar'"],
    ['V1 { "foo', "1:6: the quote is not closed: expected '\"'"],
    ['V1 { /* foo', "1:6: the comment is not closed: expected '*/'"],
    ['V1 { foo@V1; };', "1:9: the character '@' stands in no version script"],
    ['V1 { \u0000 };', '1:6: the byte 0x00 stands in no version script'],
  ])('%j', (text, message) => {
    expect(() => parseScript(text, 'x.map')).toThrow(`x.map:${message}`);
  });
});

test('comments and single blank lines survive printing', () => {
  const text = [
    '# head',
    '',
    'V1 { # after the brace',
    '  global:',
    '    # before foo',
    '    foo; /* behind foo */',
    '',
    '    extern "C++" {',
    '      "ns::f(int)";',
    '      ns::*;',
    '    };',
    '  local:',
    '    *;',
    '  # last of V1',
    '};',
    '',
    'V2 {',
    '} V1;',
    '',
    '# end',
    '',
  ].join('\n');
  expect(printScript(parseScript(text))).toBe(text);
});

test('identifiers of a header, without comments, strings and includes', () => {
  const header = '#include <no.h>\n/* no1 */ // no2\nAPI(int) foo(void); extern "C" int x; #define M "no3"';
  expect([...declaredNames(header)]).toEqual(['API', 'int', 'foo', 'void', 'extern', 'x', 'define', 'M']);
});

test('names of versions', () => {
  expect(versionFromSoname('libfoo.so.1')).toBe('LIBFOO_1');
  expect(versionFromSoname('libfoo-2.0.so.0')).toBe('LIBFOO_2.0_0');
  expect(['LIBFOO_1', 'GLIBC_2.39', 'PRIVATE'].map(nextVersion)).toEqual([
    'LIBFOO_2',
    'GLIBC_2.40',
    'PRIVATE.1',
  ]);
});

describe('hostile scripts end within a second', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => symbol(`${'a'.repeat(60)}${index}`));
  const run = (text: string): string => {
    try {
      return String(predictLink([parseScript(text)], many, 'bfd').assignments.length);
    } catch (error) {
      return (error as Error).name;
    }
  };
  test.each([
    ['nested blocks', () => `V1 {${'extern "C" {'.repeat(800_000)}`, 'FormatError'],
    ['many names', () => `V1 {${'name;'.repeat(2_000_000)}};`, 'FormatError'],
    ['many nodes', () => 'V{};'.repeat(2_500_000), 'FormatError'],
    ['open braces', () => '{'.repeat(10_000_000), 'FormatError'],
    ['an open comment', () => '/*'.repeat(5_000_000), 'FormatError'],
    ['one glob of stars', () => `V1 { global: ${'*a'.repeat(30)}b; };`, '100000'],
    ['thousands of globs of stars', () => `V1 { global: ${'*a*a*a*a*a*b*;'.repeat(5000)} };`, 'FormatError'],
    ['an endless glob', () => `V1 { global: ${'*a'.repeat(5_000_000)}; };`, 'FormatError'],
    ['labels in turns', () => `V1 { ${'global:local:'.repeat(800_000)} };`, 'FormatError'],
    ['many parents', () => `V1 { a; } ${'a '.repeat(5_000_000)};`, 'FormatError'],
    ['long sets', () => `V1 { ${`[${'ab'.repeat(30_000)}]*x;`.repeat(160)} };`, '100000'],
    [
      'opposite scopes',
      () => {
        const names = Array.from({ length: 45_000 }, (_, index) => `n${index};\n`).join('');
        return `V1 { global: ${names} };\nV2 { local: ${names} };`;
      },
      '100000',
    ],
    ['open brackets', () => `V1 { global: ${'['.repeat(10_000_000)}; };`, 'FormatError'],
  ])('%s', (_, make, outcome) => {
    const text = make();
    const before = process.cpuUsage();
    expect(run(text)).toBe(outcome);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});

test('what the linkers are not asked about they agree on', () => {
  const choices = new Choices(7);
  const symbols = ['foo', 'foo_bar', 'bar', 'n1', 'n2', '_ZN1N1fEv', '_ZN1N1gEv', 'priv_x'].map(symbol);
  let settled = 0;
  for (let round = 0; round < 2000; round++) {
    const words = [
      'foo;',
      'foo_bar;',
      'bar;',
      'n1;',
      'n2;',
      '_ZN1N1fEv;',
      'foo*;',
      '*;',
      'n?;',
      '*_x;',
      '"bar";',
    ]
      .concat(['extern "C++" { N::*; };', 'extern "C++" { "N::f()"; };'])
      .filter(() => choices.chance(35));
    const sections = ['', '', ''];
    for (const word of words)
      for (const at of [0, 1, 2]) if (choices.chance(at === 2 ? 15 : 40)) sections[at] += word;
    const [globals, locals, next] = sections;
    const scripts = [parseScript(`V1 { global: ${globals} local: ${locals} };\nV2 { ${next} };`)];
    const open = differing(scripts, symbols);
    if (open === undefined) continue;
    for (const linker of LINKERS) {
      const link = predictLink(scripts, symbols, linker);
      settled += link.assignments.filter((assignment) => !open.isOpen(assignment)).length;
      for (const other of LINKERS) {
        const fate = ({ symbol: { name }, exported, version }: Assignment) =>
          `${name} ${exported} ${version}`;
        const theirs = new Map(
          predictOther(scripts, link, other, open).pairs.map(([own, their]) => [own, their]),
        );
        const short = link.assignments.map((assignment) => fate(theirs.get(assignment) ?? assignment));
        expect({ script: scripts[0]!.text, other, short }).toEqual({
          script: scripts[0]!.text,
          other,
          short: predictLink(scripts, symbols, other).assignments.map(fate),
        });
      }
    }
  }
  expect(settled).toBeGreaterThan(100);
});

test('50,000 names against 100,000 symbols', () => {
  const names = Array.from({ length: 50_000 }, (_, index) => `  name_${2 * index};\n`);
  const script = `V1 { global:\n${names.join('')} extern "C++" { N::*; }; priv_*; *_v2; local: *; };`;
  const symbols = Array.from({ length: 100_000 }, (_, index) =>
    symbol(index % 4 === 3 ? `_ZN1N${String(index).length + 1}f${index}Ev` : `name_${index}`),
  );
  const before = process.cpuUsage();
  const { assignments } = predictLink([parseScript(script)], symbols, 'bfd');
  const { user, system } = process.cpuUsage(before);
  expect(assignments.filter(({ exported }) => exported)).toHaveLength(75_000);
  expect((user + system) / 1e6).toBeLessThan(1);
});
