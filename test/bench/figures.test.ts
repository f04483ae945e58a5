import { describe, expect, test } from 'vitest';
import type { Measurement } from '../../bench/measure.ts';
import { type Result, runRace } from '../../bench/race.ts';
import { changes, makeRecord } from '../../bench/record.ts';
import { median, summarize } from '../../bench/statistics.ts';
import { renderTable } from '../../bench/table.ts';

describe('statistics', () => {
  test('the median does not depend on the order, and an outlier does not move it', () => {
    expect(median([3])).toBe(3);
    expect(median([10, 2, 9])).toBe(9);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([1, 1, 1, 1, 1000])).toBe(1);
    expect(() => median([])).toThrow(RangeError);
  });

  test('median times, largest peak', () => {
    const run = (cpu: number, wall: number, peak: number): Measurement => {
      return { cpu, wall, peak, status: 0, complaint: '' };
    };
    expect(summarize([run(1, 6, 10), run(3, 5, 30), run(2, 4, 20)])).toEqual({ cpu: 2, wall: 5, peak: 30 });
  });
});

const result = (name: string, cpu: number, more: Partial<Result> = {}): Result => {
  return { name, ours: false, figures: { cpu, wall: 2 * cpu, peak: cpu * 1e8 }, ...more };
};
const RESULTS: readonly Result[] = [
  result('solder inspect', 0.5, { ours: true }),
  result('readelf', 0.6, { version: '2.40' }),
  { name: 'llvm-nm', ours: false, failure: 'not installed' },
];

describe('records', () => {
  test('ratios are to the first of ours', () => {
    const { results } = makeRecord('inspect', 'a file', RESULTS);
    expect(results.map(({ ratios }) => ratios)).toEqual([
      { cpu: 1, wall: 1, peak: 1 },
      { cpu: 1.2, wall: 1.2, peak: 1.2 },
      undefined,
    ]);
  });

  test('no ratios when ours did not run', () => {
    const failed: Result = { name: 'solder inspect', ours: true, failure: 'exit 4: broken' };
    const { results } = makeRecord('inspect', 'a file', [failed, result('readelf', 1)]);
    expect(results.map(({ ratios }) => ratios)).toEqual([undefined, undefined]);
  });

  test('changes since the record, for those in both', () => {
    const before = makeRecord('inspect', 'a file', RESULTS);
    const faster = makeRecord('inspect', 'a file', [
      result('solder inspect', 0.25, { ours: true }),
      result('readelf', 0.6),
      result('llvm-nm', 1),
    ]);
    expect(changes(before, before)).toEqual([
      'CPU of readelf: 1.2 times ours when recorded, now 1.2 (unchanged)',
    ]);
    expect(changes(before, faster)).toEqual([
      'CPU of readelf: 1.2 times ours when recorded, now 2.4 (ours better by 100 %)',
    ]);
    expect(changes(faster, before)).toEqual([
      'CPU of readelf: 2.4 times ours when recorded, now 1.2 (ours worse by 50 %)',
    ]);
  });
});

test('the table lines up, and names whoever did not run', () => {
  expect(renderTable(makeRecord('inspect', 'a file', RESULTS))).toBe(
    [
      '                    CPU     wall     peak  CPU / ours  wall / ours',
      'solder inspect  0.500 s  1.000 s  50.0 MB        1.00         1.00',
      'readelf (2.40)  0.600 s  1.200 s  60.0 MB        1.20         1.20',
      'llvm-nm: not installed',
    ].join('\n'),
  );
});

test('nobody ran: reasons without a table', () => {
  const results = [{ name: 'solder bind', ours: true, failure: 'exit 2: broken' }];
  expect(renderTable(makeRecord('bind', 'programs', results))).toBe('solder bind: exit 2: broken');
});

describe('a race', () => {
  test('goes in turn, after a round that does not count, without those who cannot run', async () => {
    const steps: string[] = [];
    const results = await runRace(
      {
        input: 'nothing',
        ours: [{ name: 'a', command: ['sh', '-c', 'exit 1'], succeeds: [0, 1] }],
        peers: [
          { name: 'b', command: ['true'], needs: 'true', version: ['echo', 'b (of 1.0) 2.34'] },
          { name: 'c', command: ['no-such-tool'], needs: 'no-such-tool' },
          { name: 'd', command: ['sh', '-c', 'echo broken >&2; exit 5'], needs: 'sh' },
        ],
      },
      2,
      (step) => steps.push(step),
    );
    expect(steps).toEqual([
      'warm-up: a',
      'warm-up: b',
      'warm-up: d',
      'run 1 of 2: a',
      'run 1 of 2: b',
      'run 2 of 2: a',
      'run 2 of 2: b',
    ]);
    expect(results.map(({ name, ours, version, failure }) => ({ name, ours, version, failure }))).toEqual([
      { name: 'a', ours: true, version: undefined, failure: undefined },
      { name: 'b', ours: false, version: '2.34', failure: undefined },
      { name: 'c', ours: false, version: undefined, failure: 'not installed' },
      { name: 'd', ours: false, version: undefined, failure: 'exit 5: broken' },
    ]);
    expect(results[0]!.figures!.wall).toBeGreaterThan(0);
  });
});
