import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { demangle, Kind, parse, print } from '../../src/demangle/index.ts';
import { demangleBytes } from '../../src/report/demangle-bytes.ts';
import { demangleText } from '../../src/report/demangle-text.ts';
import { hasTool, TOOLS } from './tools.ts';

/** What the filter makes of a text. */
function filtered(text: string): string {
  const pieces: Buffer[] = [];
  demangleBytes(Buffer.from(text), { style: 'gnu' }, (piece) => pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString();
}

describe('a tree outlives the next name', () => {
  const read = (name: string) => {
    const parsed = parse(name);
    if (!('ast' in parsed)) throw new Error(parsed.reason);
    return parsed.ast;
  };

  test('and is printed when asked for', () => {
    const first = read('_ZNSt6vectorI3FooSaIS0_EE9push_backERKS0_');
    const second = read('_ZN3fooIiEEvT_');
    demangle('_Z1fv');
    expect(print(first)).toBe('std::vector<Foo, std::allocator<Foo> >::push_back(Foo const&)');
    expect(print(second.left!)).toBe('foo<int>');
    expect(print(second)).toBe('void foo<int>(int)');
  });

  test('with the texts of its nodes, which may be of more than one byte a character', () => {
    const ast = read('_ZN3\u65e51aEv');
    demangle('_ZN3bar3bazEv');
    expect(ast.left?.left?.text).toBe('\u65e5');
    expect(ast.left?.right?.text).toBe('a');
  });

  test('every node is one object', () => {
    const ast = read('_Z1f3FooS_');
    expect(ast.right?.items[0]).toBe(ast.right?.items[1]);
    expect(ast.right?.items[0]?.kind).toBe(Kind.Name);
  });
});

describe('a text in bytes', () => {
  test('names between other words', () => {
    expect(filtered('a _Z1fv, b_Z1fv .._Z1fv ._Z1fv _Zwrong\n')).toBe('a f(), b_Z1fv .._Z1fv .f() _Zwrong\n');
    expect(filtered('\u65e5 _Z1fv \u{1f600}')).toBe('\u65e5 f() \u{1f600}');
    expect(filtered('')).toBe('');
  });

  test.skipIf(!hasTool('gnu'))('names that touch other characters, as the tool', () => {
    const text =
      '$_Z1fv <$_Z1fv>$_Z1gv .$_Z1fv $$_Z1fv a$_Z1fv $_Zwrong $_Z1fv.isra.0 ._Z1fv.cold ..Z1fv\r\n' +
      '_Z1fv@plt:_Z1gv@@V_1 "_Z1hv",(_Z1iv)[_Z1jv+0x10]\u00e9_Z1fv\u65e5 _Z1f\u00e9 \x07_Z1fv\x7f\n\n$_Z1fv';
    const printed = execFileSync(TOOLS.gnu, { input: text, encoding: 'utf8' });
    expect(filtered(text)).toBe(printed);
    expect(demangleText(text)).toBe(printed);
  });

  test('more than is put together at once', () => {
    const gap = '-'.repeat(1_000_000);
    expect(filtered(`${gap}_Z1fv${gap}`)).toBe(`${gap}f()${gap}`);
    const word = `_Z${'a'.repeat(1_000_000)}`;
    expect(filtered(`${word} _Z1fv`)).toBe(`${word} f()`);
    for (const size of [65_520, 65_530, 65_535, 65_536, 65_537]) {
      const start = '-'.repeat(size);
      expect(filtered(`${start}_ZN3foo3barEv _Z1fv`)).toBe(`${start}foo::bar() f()`);
      const long = 'a'.repeat(size);
      expect(filtered(`${long}_Z1fv._Z1fv _Z1fv`)).toBe(`${long}_Z1fv._Z1fv f()`);
    }
    const names = '_ZN3foo3barEv\n'.repeat(100_000);
    expect(filtered(names)).toBe('foo::bar()\n'.repeat(100_000));
  });
});
