import { expect } from 'vitest';
import type { DlCall, DlOutcome, LoadedObject, OpenMode } from '../../../src/model/index.ts';
import type { Farm } from '../farm.ts';
import { runDifferences } from './compare.ts';
import { driverObject, observe } from './observe.ts';
import { type Prediction, predict } from './predict.ts';

/** The driver as a program of a farm, which needs these of its libraries from the start. */
export function makeProgram(farm: Farm, ...libraries: readonly string[]): string {
  const flags = ['-rdynamic', '-Wl,-z,now', '-Wl,--no-as-needed', '-Wl,-rpath,$ORIGIN'];
  farm.run('gcc', '-o', 'program', driverObject(), ...flags, ...libraries);
  return farm.path('program');
}

/** Performs the calls in a simulated and in a real process, and expects them to agree in everything. */
export function check(program: string, calls: readonly DlCall[]): Prediction {
  const predicted = predict(program, calls);
  const real = observe(program, calls);
  expect(runDifferences(predicted, real, calls)).toEqual([]);
  expect(real.steps.length).toBeGreaterThan(1);
  return predicted;
}

export const open = (file: string | null, handle: string, mode: OpenMode = {}): DlCall => ({
  call: 'dlopen',
  file,
  mode,
  handle,
});
export const close = (handle: string): DlCall => ({ call: 'dlclose', handle });
export const symbol = (handle: string | 'default' | 'next', name: string, version?: string): DlCall => ({
  call: 'dlsym',
  handle: handle === 'default' || handle === 'next' ? { pseudo: handle } : handle,
  symbol: name,
  ...(version === undefined ? {} : { version }),
});
export const use = (object: string, name: string): DlCall => ({ call: 'use', object, symbol: name });

const baseName = ({ path }: LoadedObject) => path.slice(path.lastIndexOf('/') + 1);

/** An outcome in few words. */
export function brief(outcome: DlOutcome | undefined): unknown {
  if (outcome === undefined) return undefined;
  switch (outcome.result) {
    case 'opened':
      return { count: outcome.count, added: outcome.added.map(baseName) };
    case 'not-loaded':
      return 'not loaded';
    case 'found':
    case 'bound':
      return baseName(outcome.object);
    case 'closed':
      return {
        unloaded: outcome.unloaded.map(baseName),
        kept: Object.fromEntries(
          outcome.kept.map(({ object, by }) => [
            baseName(object),
            by.map((reason) => {
              const { kind, ...rest } = reason;
              return [
                kind,
                ...Object.values(rest).map((value) => (typeof value === 'object' ? baseName(value) : value)),
              ].join(' ');
            }),
          ]),
        ),
      };
    case 'refused':
      return outcome.message.replace(/\/\S*\//g, '');
  }
}
