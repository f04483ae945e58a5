import { describe, expect, test } from 'vitest';
import { noOracle } from './farm.ts';
import { compareFarm } from './random-farm.ts';

/** A few of the farms; the system run compares hundreds. */
const FARMS = 40;
const PER_TEST = 8;
const seeds = Array.from({ length: FARMS / PER_TEST }, (_, index) => 1 + index * PER_TEST);

describe.skipIf(noOracle)('libraries made up by chance', () => {
  test.each(seeds)('seeds from %i', (first) => {
    let bindings = 0;
    for (let seed = first; seed < first + PER_TEST; seed++) {
      const result = compareFarm(seed);
      expect(result.differences).toEqual([]);
      bindings += result.bindings;
    }
    expect(bindings).toBeGreaterThan(100);
  });
});
