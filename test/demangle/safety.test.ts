import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { demangle, describe as describeName, parse, print } from '../../src/demangle/index.ts';
import { FORMS } from './forms.ts';
import { FORMS_OF_GCC } from './forms-of-gcc.ts';
import { mangledName } from './generator.ts';
import { ALPHABET, BOMBS, mutate } from './mutations.ts';
import { rustName } from './rust-generator.ts';

const NAMES = [...FORMS, ...FORMS_OF_GCC.map(([name]) => name)];

/** Everything that the library does with a name; none of it may throw. */
function exercise(name: string): void {
  for (const style of ['gnu', 'llvm'] as const) {
    expect(typeof demangle(name, { style })).toBe('string');
    const result = parse(name, style);
    if ('ast' in result) {
      const text = print(result.ast, { style });
      expect(demangle(name, { style })).toBe(text ?? name);
      expect(describeName(result.ast).language).toMatch(/^(c\+\+|rust)$/);
    } else {
      expect(demangle(name, { style })).toBe(name);
      expect(result.reason).not.toBe('');
      expect(result.offset).toBeLessThanOrEqual(name.length);
    }
  }
}

describe('any string', () => {
  test('arbitrary text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), exercise), { seed: 1 });
  });

  test('text of the alphabet of mangled names', () => {
    const text = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 80 });
    fc.assert(
      fc.property(fc.constantFrom('_Z', '_R', '_ZN', '___Z', '_GLOBAL__I_'), text, (prefix, rest) =>
        exercise(prefix + rest),
      ),
      { numRuns: 3000, seed: 2 },
    );
  });

  test('mutated names', () => {
    const name = fc.oneof(mangledName, rustName, fc.constantFrom(...NAMES));
    fc.assert(
      fc.property(name, fc.array(fc.nat(0xffff), { minLength: 2, maxLength: 12 }), (valid, tape) =>
        exercise(mutate(valid, tape)),
      ),
      { numRuns: 3000, seed: 3 },
    );
  });

  test.each(NAMES)('every prefix of %s', (name) => {
    for (let length = 0; length < name.length; length++) exercise(name.substring(0, length));
  });
});

describe('names made to cost much', () => {
  test.each(BOMBS)('%s', (_title, name) => {
    // The first run compiles the code; the limit is for a process that is warm.
    exercise(name);
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 50 && best >= 10; round++) {
      const start = performance.now();
      demangle(name);
      best = Math.min(best, performance.now() - start);
    }
    expect(best).toBeLessThan(10);
    expect(demangle(name).length).toBeLessThanOrEqual(2 * 65_536);
  });
});
