import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DeclarationError,
  INTEGERS,
  parseDeclaration,
  parsePrototype,
  printType,
  struct,
} from '../../../src/run/dl/index.ts';
import { hasTools } from '../../support/tools.ts';
import { prototypes, valueTypes } from './types.ts';

const READINGS: readonly (readonly [text: string, printed: string])[] = [
  ['int(int, const char *)', 'int(int, char *)'],
  ['int puts(const char *s);', 'int(char *s)'],
  ['void()', 'void(void)'],
  ['void(void)', 'void(void)'],
  ['unsigned', 'unsigned int'],
  ['long unsigned int long', 'unsigned long long'],
  ['short signed', 'short'],
  ['char const unsigned volatile', 'unsigned char'],
  ['signed', 'int'],
  ['_Bool', 'bool'],
  ['enum color', 'int'],
  ['const char *const *restrict', 'char **'],
  ['int(char *argv[])', 'int(char **argv)'],
  [
    'int(int [static 4], double m[][3], int n[const restrict 2], int v[n], int w[*])',
    'int(int *, double (*m)[3], int *n, int *v, int *w)',
  ],
  ['void (*signal(int sig, void (*func)(int)))(int)', 'void (*(int sig, void (*func)(int)))(int)'],
  [
    'void qsort(void *, size_t, size_t, int compare(const void *, const void *))',
    'void(void *, size_t, size_t, int (*compare)(void *, void *))',
  ],
  ['int (*)[0x10]', 'int (*)[16]'],
  ['char[010]', 'char[8]'],
  ['int (x)', 'int'],
  ['int (*(*)[3])(void)', 'int (*(*)[3])(void)'],
  ['struct node *(const struct node *)', 'struct node *(struct node *)'],
  ['int sqlite3_open(const char *filename, sqlite3 **ppDb)', 'int(char *filename, sqlite3 **ppDb)'],
  ['int(FILE *, va_list *)', 'int(FILE *, va_list *)'],
  ['void(long double *, complex double *)', 'void(long double *, double _Complex *)'],
  ['int /* of /* the */ f(int a, /* a, ( */ int b /* b */) /* done */', 'int(int a, int b)'],
  ['pid_t waitpid(pid_t pid, int *status, int options)', 'pid_t(pid_t pid, int *status, int options)'],
  // The last one: the lines of what comes behind it would not be counted right.
  ['\tint\n(\n int\n)', 'int(int)'],
];
const HEADERS = [
  'stdbool',
  'stddef',
  'stdint',
  'stdio',
  'stdarg',
  'uchar',
  'complex',
  'time',
  'sys/types',
  'sys/socket',
]
  .map((name) => `#include <${name}.h>`)
  .concat('typedef struct sqlite3 sqlite3; struct node; union any; enum color { RED };')
  .join('\n');
const printed = (text: string) => printType(parseDeclaration(text).type);

describe('declarations', () => {
  it.each(READINGS)('%s is %s', (text, expected) => expect(printed(text)).toBe(expected));

  it.each([
    ['', 'expected a type', 1],
    ['int(,)', 'expected a type', 5],
    ['int(int,)', 'expected a type', 9],
    ['int(int', "expected ')'", 8],
    ['int)', "')' is not expected", 4],
    ['int(int a b)', "expected ')'", 11],
    ['unsigned float', "'float' does not go with what stands before it", 10],
    ['long long long', "'long' does not go with what stands before it", 11],
    ['char short', "'short' does not go with what stands before it", 6],
    ['int size_t', "'size_t' does not go with what stands before it", 5],
    ['struct *', 'expected the name of a struct', 8],
    ['int(const char *, ...)', "'...' cannot be called", 19],
    ['int(int, foo)', "unknown type 'foo'", 10],
    ['foo(int)', "unknown type 'foo'", 1],
    ['foo', "unknown type 'foo'", 1],
    ['double(long double)', "'long double' by value", 8],
    ['long double(double)', "'long double' by value", 1],
    ['void(double, float _Complex)', "'float _Complex' by value", 14],
    ['void(struct point p)', "'struct point' by value", 6],
    ['struct point(void)', "'struct point' by value", 1],
    ['int(void, int)', 'there is no parameter of type void', 5],
    ['int(void)(int)', 'a function cannot return a function', 4],
    ['int f(int)[3]', 'a function cannot return an array', 6],
    ['int (*f[3](void))', 'there is no array of function', 8],
    ['void[3]', 'there is no array of void', 5],
    ['int[]', 'expected the length of the array', 5],
    ['int[08]', 'this is no length', 5],
    ['int restrict', "'restrict' stands", 5],
    ['int x : 3', "':' cannot stand", 7],
    ['int $', "'$' cannot stand", 5],
    ['struct { int x; }', "'{' cannot stand", 8],
    ['int /', "'/' cannot stand", 5],
    ['int /* no end', "'/' cannot stand", 5],
    ['int(int /* one */ ', "expected ')'", 8],
  ])('%j: %s at column %i', (text, what, column) => {
    const error = errorOf(text);
    expect(error.message).toContain(what);
    expect(error.message.split('\n')[0]).toContain(`at column ${column}`);
    expect(error.message.split('\n').at(-1)).toBe(`  ${' '.repeat(column - 1)}^`);
    expect(error.column).toBe(column);
  });

  it.each(['int', 'int *', 'int(foo)', 'int (*)(void)', 'char[3]'])('%s is no prototype', (text) => {
    expect(() => parsePrototype(text)).toThrow(
      `expected '(' and the parameters at column ${text.length + 1}`,
    );
  });

  it('have comments to the end of the line', () => {
    expect(printed('int f(int a, // first, (\n  int b) // done')).toBe('int(int a, int b)');
  });

  it('stops at some depth', () => {
    expect(errorOf(`int${'(*'.repeat(5000)}`).message).toContain('too many parentheses');
    expect(errorOf(`int${'('.repeat(5000)}`).message).toContain('too many parentheses');
  });

  it('uses the types that it is given', () => {
    const point = struct({ x: 'int', y: 'int' });
    const types = { 'struct point': point, off_t: 'long' };
    expect(parsePrototype('off_t(struct point *)', types)).toMatchObject({
      result: INTEGERS.get('long'),
      parameters: [{ type: { kind: 'pointer', to: point } }],
    });
    expect(() => parsePrototype('void(struct point)', types)).toThrow('by value');
  });

  it('is printed and read back the same', () => {
    fc.assert(
      fc.property(fc.oneof(valueTypes, prototypes), (type) => {
        expect(parseDeclaration(printType(type)).type).toEqual(type);
      }),
    );
  });

  it('ends in a type or in a DeclarationError, whatever the text', () => {
    const piece = fc.constantFrom(
      ...'int long unsigned char void const * ( ) [ ] , ; ... foo struct 3 restrict static { :'.split(' '),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        try {
          parseDeclaration(pieces.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(DeclarationError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe.skipIf(!hasTools('cc'))('to the C compiler', () => {
  /** The lines of a text that the compiler has something against. */
  function badLines(lines: readonly string[]): Set<number> {
    const input = [HEADERS, '#line 1 "checked"', ...lines].join('\n');
    const args = ['-fsyntax-only', '-fmax-errors=0', '-fdiagnostics-color=never', '-xc', '-'];
    const { stderr } = spawnSync('cc', args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    return new Set([...stderr.matchAll(/^checked:(\d+):.*error/gm)].map(([, line]) => Number(line) - 1));
  }

  it('the same combinations of words are types, and the same types', () => {
    const words = ['unsigned', 'signed', 'char', 'short', 'int', 'long', 'float', 'double'];
    let texts = [''];
    const all = Array.from({ length: 4 }, () => {
      texts = texts.flatMap((text) => words.map((word) => `${text} ${word}`.trim()));
      return texts;
    }).flat();
    const bad = badLines(all.map((text, index) => `typedef ${text} t${index};`));
    const accepted = all.filter((text) => {
      try {
        parseDeclaration(`${text} *`);
        return true;
      } catch {
        return false;
      }
    });
    expect(accepted).toEqual(all.filter((_, index) => !bad.has(index)));
    expect(accepted.length).toBeGreaterThan(80);
    const same = (text: string) => `__builtin_types_compatible_p(${text} *, ${printed(`${text} *`)})`;
    expect(badLines(accepted.map((text) => `_Static_assert(${same(text)}, "");`))).toEqual(new Set());
  });

  it('what is printed is the type that was read', () => {
    // Without qualifiers, which solder forgets. A text with a name in it is no type name to the compiler.
    const plain = READINGS.map(([text]) => text.replace(/\b(const|volatile|restrict)\b|;$/g, '').trim());
    const named = badLines(plain.map((text, index) => `typedef __typeof__(${text}) t${index};`));
    const texts = plain.filter((text, index) => !named.has(index) && !text.startsWith('enum'));
    expect(texts.length).toBeGreaterThanOrEqual(18);
    const lines = texts.map(
      (text) => `_Static_assert(__builtin_types_compatible_p(${text}, ${printed(text)}), "");`,
    );
    expect(badLines(lines)).toEqual(new Set());
  });

  it('every printed prototype is one', () => {
    const types = fc.sample(prototypes, { numRuns: 300, seed: 7 });
    const lines = types.map((type, index) => `extern ${printType(type, `f${index}`)};`);
    expect(badLines(lines)).toEqual(new Set());
  });
});

function errorOf(text: string): DeclarationError {
  try {
    parseDeclaration(text);
  } catch (error) {
    if (error instanceof DeclarationError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}
