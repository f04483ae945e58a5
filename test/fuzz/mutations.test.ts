import { describe, expect, test } from 'vitest';
import { installMeter } from '../../fuzz/allocation-meter.ts';
import { execute } from '../../fuzz/execute.ts';
import { fuzz } from '../../fuzz/fuzz.ts';
import { describeMutation, mutate, mutations } from '../../fuzz/mutate.ts';
import { Prng } from '../../fuzz/prng.ts';
import { assembledSeeds, realSeeds } from '../../fuzz/seeds.ts';
import { TARGETS } from '../../fuzz/targets.ts';
import { FormatError } from '../../src/bytes/index.ts';

installMeter();

describe('mutated files', () => {
  test('3000 of them: a result or FormatError, in time and in memory', () => {
    const seeds = [...assembledSeeds(), ...realSeeds()];
    const failures = fuzz({ seeds, targets: TARGETS, seed: 20240229, count: 3000 });
    const found = failures.map(({ target, seedName, error, mutations: list, index }) => ({
      target,
      seedName,
      index,
      error: error.message,
      mutations: list.map(describeMutation),
    }));
    expect(found).toEqual([]);
  });

  test('the files themselves pass', () => {
    for (const { name, bytes } of [...assembledSeeds(), ...realSeeds()]) {
      for (const target of TARGETS) expect(execute(target, bytes), `${target.name} ${name}`).toBeUndefined();
    }
  });
});

describe('the fuzzer', () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
  const fields = [{ label: 'count', offset: 10, size: 4 as const }];
  const seed = { name: 'made', bytes, fields, littleEndian: true };

  test('the same seed makes the same inputs', () => {
    const inputs = (number: number) => {
      const prng = new Prng(number);
      return Array.from({ length: 20 }, () => mutate(seed, mutations(prng, seed)));
    };
    expect(inputs(1)).toEqual(inputs(1));
    expect(inputs(1)).not.toEqual(inputs(2));
    expect(bytes[10]).toBe(10);
  });

  test('finds a fault that hangs on one field, and tells the one change that makes it', () => {
    const target = {
      name: 'faulty',
      run(input: Uint8Array) {
        if (input.length < 14) throw new FormatError('truncated', 'x', 0, 'short');
        const count = new DataView(input.buffer, input.byteOffset).getUint32(10, true);
        if (count === 0xffffffff) throw new RangeError('Invalid array length');
      },
    };
    const failures = fuzz({ seeds: [seed], targets: [target], seed: 1, count: 2000 });
    expect(failures).toHaveLength(1);
    const [{ error, mutations: list }] = failures as [(typeof failures)[number]];
    expect(error).toBeInstanceOf(RangeError);
    expect(list).toHaveLength(1);
    expect(describeMutation(list[0]!)).toMatch(/^set count at 10 to (-1|4294967295)$/);
  });

  test.each([
    [
      'an endless loop',
      () => {
        for (;;);
      },
      /timed out/,
    ],
    ['a column far larger than the file', () => new Float64Array(1e7), /bytes of columns/],
    [
      'columns that are larger together',
      () => {
        for (let n = 0; n < 1000; n++) new Uint32Array(10_000);
      },
      /bytes of columns/,
    ],
    ['any other error', () => (undefined as unknown as { length: number }).length, /undefined/],
  ])('%s is a failure', (_, run, message) => {
    expect(execute({ name: 'faulty', run }, bytes)?.message).toMatch(message);
  });

  test('FormatError is none', () => {
    const run = () => {
      throw new FormatError('limit', 'x', 0, 'no');
    };
    expect(execute({ name: 'right', run }, bytes)).toBeUndefined();
  });
});
