import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MAX_BYTES = 1e6;
/** Megabytes for young objects: a name that took a hundred times the limit would still be counted in full. */
const ROOM = 64;

test('no name takes a megabyte of memory, nor one that a search makes of it', { timeout: 120_000 }, () => {
  const args = ['--expose-gc', `--min-semi-space-size=${ROOM}`, `--max-semi-space-size=${ROOM}`];
  const program = new URL('memory.ts', import.meta.url).pathname;
  const lines = execFileSync(process.execPath, [...args, program], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const costs = lines.map((line) => JSON.parse(line) as [title: string, bytes: number]);
  expect(costs.length).toBeGreaterThan(100);
  expect(costs.filter(([, bytes]) => bytes > MAX_BYTES)).toEqual([]);
  // The longest of the texts is counted: the measurement sees what it is there to see.
  expect(Math.max(...costs.map(([, bytes]) => bytes))).toBeGreaterThan(20_000);
});
