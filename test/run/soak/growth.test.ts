import { describe, expect, it } from 'vitest';
import { growthOf } from '../../../src/analyses/soak/index.ts';

/** A series from before the first round on. */
const series = (rounds: number, value: (round: number) => number): number[] =>
  Array.from({ length: rounds + 1 }, (_, round) => value(round));

let seed = 7;
const random = (below: number): number => {
  seed = (seed * 1103515245 + 12345) % 2 ** 31;
  return seed % below;
};

describe('steady growth', () => {
  it.each([
    ['one a round', series(60, (n) => n), 1, 1],
    ['few rounds', series(10, (n) => 5 + 3 * n), 3, 1],
    ['seven a round under peaks', series(200, (n) => 7 * n + (n % 5 === 0 ? 90 : 0)), 7, 1],
    ['after a warm-up', series(300, (n) => 900 * Math.min(n, 20) + n), 1, 20],
    ['that begins late', series(300, (n) => Math.max(0, n - 100)), 1, 101],
    ['in steps', series(300, (n) => Math.floor(n / 32)), 1 / 32, 32],
    ['one in a hundred rounds', series(600, (n) => Math.floor(n / 100)), 1 / 100, 1],
    ['in steps after a warm-up', series(600, (n) => 40 * Math.min(n, 9) + 3 * Math.floor(n / 70)), 3 / 70, 1],
    ['that begins after two thirds', series(600, (n) => Math.max(0, n - 400)), 1, 401],
    ['that begins near the end', series(600, (n) => Math.max(0, n - 500)), 1, 501],
    ['uneven, that begins late', series(600, (n) => (n < 420 ? n % 3 : 5 * (n - 400) + (n % 7))), 5, 420],
    ['under a sawtooth', series(600, (n) => Math.floor(n / 50) * 5 + (n % 50)), 1 / 10, 1],
    ['noise on top', series(400, (n) => 100 * n + random(2000)), 100, 1],
  ])('%s', (_, values, perRound, since) => {
    const growth = growthOf(values, { least: 2 });
    expect(growth.isSteady).toBe(true);
    expect(growth.perRound / perRound).toBeGreaterThan(0.9);
    expect(growth.perRound / perRound).toBeLessThan(1.1);
    expect(growth.since).toBeLessThanOrEqual(since + 2);
    if (since > 50) expect(growth.since).toBeGreaterThan(since - 5);
  });
});

describe('no growth', () => {
  it.each([
    ['nothing', series(60, () => 4)],
    ['one step', series(60, (n) => (n > 40 ? 5 : 4))],
    ['a warm-up', series(200, (n) => Math.min(n, 60))],
    ['a warm-up that slows down', series(300, (n) => Math.floor(1000 * (1 - Math.exp(-n / 40))))],
    ['a warm-up that ends in single steps', series(600, (n) => Math.floor(5000 * (1 - Math.exp(-n / 90))))],
    ['noise', series(300, () => random(100_000))],
    ['a sawtooth', series(300, (n) => n % 50)],
    ['the last tooth of a saw', series(349, (n) => n % 50)],
    ['a tooth of a longer saw', series(590, (n) => n % 400)],
    ['noise that is given back late', series(600, (n) => (n % 200) * 10 + random(300))],
    ['a peak at the end', series(100, (n) => (n === 100 ? 50 : 0))],
    ['less and less', series(100, (n) => 100 - n)],
    ['steps of a cache that doubles', series(600, (n) => 2 ** Math.floor(Math.log2(n + 1)))],
    ['a single round', [1, 2]],
    ['no round', [1]],
  ])('%s', (_, values) => {
    expect(growthOf(values, { least: 2 })).toMatchObject({ isSteady: false, since: null });
  });
});
