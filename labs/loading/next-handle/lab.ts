import type { Lab, Prediction } from '../../../src/model/lab.ts';
import { lookUpFrom } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const tally = library('libtally.so', 'tally.c', '-ldl');
const ledger = library('libledger.so', 'ledger.c', '-ldl');

const conflict = (...losers: string[]): Prediction => ({
  kind: 'conflict',
  symbol: 'malloc',
  finding: 'conflict.function',
  severity: 'warning',
  winner: 'libtally.so',
  losers,
});

export const lab: Lab = {
  title: "RTLD_NEXT finds the definition after the caller's own: a wrapper of malloc",
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['malloc_calls'],
  variants: [
    {
      name: 'in-a-library',
      build: [tally, program('app', 'app.c', '-ltally')],
      runs: [
        {
          command: ['./app'],
          calls: [lookUpFrom('next', 'malloc', 'libtally.so')],
          predicts: [{ kind: 'calls', results: ['libc.so.6'] }, conflict('libc.so.6')],
          observes: { stdout: ['2 calls of malloc'] },
        },
      ],
    },
    {
      name: 'in-the-program',
      symbols: [],
      build: [program('app', 'app.c', 'tally.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [lookUpFrom('next', 'malloc')],
          predicts: [{ kind: 'calls', results: ['libc.so.6'] }],
          observes: { stdout: ['2 calls of malloc'] },
        },
      ],
    },
    {
      name: 'two-wrappers',
      build: [tally, ledger, program('app', 'app.c', '-Wl,--no-as-needed', '-ltally', '-lledger')],
      runs: [
        {
          command: ['./app'],
          calls: [lookUpFrom('next', 'malloc', 'libtally.so'), lookUpFrom('next', 'malloc', 'libledger.so')],
          predicts: [
            { kind: 'calls', results: ['libledger.so', 'libc.so.6'] },
            conflict('libledger.so', 'libc.so.6'),
          ],
          observes: { stdout: ['2 calls of malloc'] },
        },
      ],
    },
  ],
};
