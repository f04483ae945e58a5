import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compare } from './agreement.ts';
import { mangledName } from './generator.ts';
import { rustName } from './rust-generator.ts';
import { hasTool } from './tools.ts';

/** Fixed, so that a failure in a run of the tests is the same in the next. */
const SEED = 20_260;
const CASES = 5000;

describe.each([
  ['C++', mangledName],
  ['Rust', rustName],
] as const)('random valid names of %s', (_language, arbitrary) => {
  const names = [...new Set(fc.sample(arbitrary, { numRuns: CASES, seed: SEED }))];

  for (const style of ['gnu', 'llvm'] as const) {
    test.skipIf(!hasTool(style))(`agree with the tool, ${style}`, () => {
      const agreement = compare(style, names);
      expect(agreement.differences).toEqual([]);
      // A substitution may stand for a template parameter of another scope, which no tool can print.
      expect(agreement.unchanged).toBeLessThan(names.length / 100);
      expect(agreement.same).toBeGreaterThan(names.length * 0.95);
    });
  }
});
