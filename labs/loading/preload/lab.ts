import type { Lab, LabRun, LabVariant, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const alternatives = [
  library('libalt.so', 'alt.c', '-DNAME="alt"'),
  library('libnew.so', 'alt.c', '-DNAME="new"'),
];

const distance = [library('libzero.so', 'zero.c'), program('distance', 'distance.c', '-fno-builtin', '-ldl')];

const measures = (by: string, result: number): Pick<LabRun, 'command' | 'predicts' | 'observes'> => ({
  command: ['./distance'],
  predicts: [{ kind: 'told', symbol: 'abs', by }],
  observes: { stdout: [`abs: ${by}`, `distance: ${result}`] },
});

const environment = { LD_PRELOAD: './libzero.so' };

const deceived = measures('libzero.so', 0);

const replaced: Prediction = {
  kind: 'conflict',
  symbol: 'abs',
  finding: 'conflict.function',
  severity: 'warning',
  winner: 'libzero.so',
  losers: ['libc.so.6'],
};

const setUserId: LabVariant = {
  name: 'set-user-id',
  needs: 'set-user-id',
  symbols: [],
  build: [...distance, ['chown', '65534', 'distance'], ['chmod', 'u+s', 'distance']],
  runs: [{ environment, ...measures('libc.so.6', 7) }],
};

export const lab: Lab = {
  title: 'LD_PRELOAD puts other definitions in front, but not for a set-user-ID program',
  source: { text: ADVANCED_FEATURES, section: 'Preloading Shared Libraries' },
  symbols: ['first', 'second'],
  variants: [
    {
      name: 'another-definition',
      build: [library('libdemo.so', 'demo.c'), ...alternatives, program('app', 'app.c', '-ldemo')],
      runs: [
        {
          name: 'none',
          command: ['./app'],
          predicts: [{ kind: 'lookup-order', objects: ['app', 'libdemo.so'] }],
          observes: { stdout: ['first: demo', 'second: demo'] },
        },
        {
          name: 'one',
          command: ['./app'],
          environment: { LD_PRELOAD: './libalt.so' },
          predicts: [
            { kind: 'lookup-order', objects: ['app', 'libalt.so', 'libdemo.so'] },
            {
              kind: 'conflict',
              symbol: 'first',
              finding: 'conflict.function',
              severity: 'warning',
              winner: 'libalt.so',
              losers: ['libdemo.so'],
            },
          ],
          observes: { stdout: ['first: alt', 'second: demo'] },
        },
        {
          name: 'two',
          command: ['./app'],
          environment: { LD_PRELOAD: './libnew.so ./libalt.so' },
          predicts: [
            { kind: 'lookup-order', objects: ['app', 'libnew.so', 'libalt.so', 'libdemo.so'] },
            {
              kind: 'conflict',
              symbol: 'first',
              finding: 'conflict.function',
              severity: 'warning',
              winner: 'libnew.so',
              losers: ['libalt.so', 'libdemo.so'],
            },
          ],
          observes: { stdout: ['first: new', 'second: demo'] },
        },
      ],
    },
    {
      name: 'a-function-of-libc',
      symbols: [],
      build: distance,
      runs: [
        { name: 'none', ...measures('libc.so.6', 7) },
        { name: 'preloaded', environment, ...deceived, predicts: [...deceived.predicts, replaced] },
      ],
    },
    setUserId,
  ],
};
