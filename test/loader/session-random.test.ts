import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noOracle } from './farm.ts';
import { compareOpenings } from './session/installed.ts';
import { compareSessions } from './session/random-session.ts';

const SEEDS = [1001, 1002, 1003, 1004, 1005];
const SEQUENCES = 4;
/** What every Debian has. */
const INSTALLED = ['libz.so.1', 'libstdc++.so.6', 'libgcc_s.so.1', 'libm.so.6', 'libresolv.so.2'];

describe.skipIf(noOracle)('sequences of calls made up by chance, beside real ones', () => {
  it.each(SEEDS)('seed %i', (seed) => {
    const { differences, calls } = compareSessions(seed, SEQUENCES);
    expect(differences).toEqual([]);
    expect(calls).toBeGreaterThan(0);
  });

  it('opens and closes libraries of the machine', () => {
    const directory = mkdtempSync(join(tmpdir(), 'solder-openings-'));
    try {
      expect(compareOpenings(directory, INSTALLED).differences).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
