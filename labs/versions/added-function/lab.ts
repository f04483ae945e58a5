import type { Lab, LabVariant, Prediction } from '../../../src/model/lab.ts';
import { fileOf, release } from '../../releases.ts';
import { program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const old = { directory: 'old', name: 'sum', version: '1.0.0' } as const;
const before = ['add 5'];

function replacedBy(
  version: string,
  number: Extract<Prediction, { kind: 'diff' }>['version'],
): Omit<LabVariant, 'name'> {
  const next = { directory: 'new', name: 'sum', version } as const;
  return {
    build: [
      ...release(old, 'sum.c'),
      ...release(next, 'sum.c', '-DSCALE'),
      program('app', 'app.c', '-Lold', '-l:libsum.so.1'),
    ],
    runs: [
      {
        name: 'old',
        command: ['./app'],
        environment: { LD_LIBRARY_PATH: 'old' },
        predicts: [],
        observes: { stdout: before },
      },
      {
        name: 'new',
        command: ['./app'],
        environment: { LD_LIBRARY_PATH: 'new' },
        predicts: [
          { kind: 'lookup-order', objects: ['app', 'new/libsum.so.1'] },
          {
            kind: 'diff',
            old: fileOf(old),
            new: fileOf(next),
            verdict: 'compatible',
            bump: 'minor',
            version: number,
            soname: 'right',
            before,
          },
        ],
        observes: { stdout: before },
      },
    ],
  };
}

export const lab: Lab = {
  title: 'A release that adds a function replaces the one before: the minor number goes up',
  source: { text: SO_COMPATIBILITY, section: '3.2, 4.2' },
  symbols: ['sum_add'],
  variants: [
    { name: 'minor-number-raised', ...replacedBy('1.1.0', 'right') },
    { name: 'minor-number-forgotten', ...replacedBy('1.0.1', 'too-low') },
  ],
};
