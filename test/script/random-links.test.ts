import { describe, expect, test } from 'vitest';
import { LINKERS, parseScript, printScript, ScriptError } from '../../src/script/index.ts';
import { Choices, RANDOM_SET, RANDOM_VERSIONED, randomScript } from './random.ts';
import { isInstalled, LinkBench } from './real-link.ts';

const SEED = 20_240_611;
/** ld.lld takes five times as long as the others. */
const ROUNDS = { bfd: 120, gold: 120, lld: 50 } as const;

/** `local:*` is one name for ld.lld until it is printed as `local: *`. */
const isGlued = (script: string): boolean => /:(?=[^\s:"])/.test(script.replaceAll('::', ''));

for (const linker of LINKERS) {
  describe.skipIf(!isInstalled(linker))(`ld.${linker}`, () => {
    test(`${ROUNDS[linker]} random scripts, and what is printed of them`, () => {
      const choices = new Choices(SEED);
      using plain = new LinkBench(RANDOM_SET);
      using versioned = new LinkBench(RANDOM_VERSIONED);
      let linked = 0;
      for (let round = 0; round < ROUNDS[linker]; round++) {
        const bench = choices.chance(70) ? plain : versioned;
        const script = randomScript(choices);
        const real = bench.link(linker, [script]);
        expect({ script, exports: bench.predict(linker, [script]) }).toEqual({ script, exports: real });
        if (real === undefined) continue;
        linked++;
        const printed = printScript(parseScript(script));
        expect(printScript(parseScript(printed))).toBe(printed);
        if (linker !== 'lld' || !isGlued(script)) {
          expect({ script, exports: bench.predict(linker, [printed]) }).toEqual({ script, exports: real });
        }
        if (round % 10 === 0 && !isGlued(script)) expect(bench.link(linker, [printed])).toEqual(real);
      }
      expect(linked).toBeGreaterThan(ROUNDS[linker] / 4);
    });
  });
}

test('any text is a script or a ScriptError with line and column', () => {
  const choices = new Choices(SEED);
  const parts = [
    'V1',
    '{',
    '}',
    ';',
    ':',
    'global',
    'local',
    'extern',
    '"C++"',
    '"',
    '*',
    '/*',
    '*/',
    '#',
    '\n',
    ' ',
    '::',
    'é',
    '\0',
    '@',
    'foo',
  ];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: choices.below(30) }, () => choices.of(parts)).join('');
    try {
      const printed = printScript(parseScript(text));
      expect(printScript(parseScript(printed))).toBe(printed);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      expect(error.message).toMatch(/^version script:\d+:\d+: /);
    }
  }
});
