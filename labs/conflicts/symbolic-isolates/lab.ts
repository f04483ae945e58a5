import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const SYMBOLIC = '-Wl,-Bsymbolic';

const libraries = (...options: string[]): Command[] => [
  library('libclock.so', 'clock.c', ...options),
  library('libwatch.so', 'watch.c', ...options),
  library('libshim.so', 'shim.c'),
];

const app = program('app', 'app.c', '-lclock', '-lwatch');
/** Refers to the variable by a fixed address, so that the linker makes a copy of it in the program. */
const reading = program('reading', '-fno-pie', '-no-pie', 'reading.c', '-lclock');

const preloaded = { LD_PRELOAD: './libshim.so' };

const conflict = (winner: string, ...losers: string[]): Prediction => ({
  kind: 'conflict',
  symbol: 'tick',
  finding: 'conflict.function',
  severity: 'warning',
  winner,
  losers,
});

export const lab: Lab = {
  title: 'Linked with -Bsymbolic a library keeps to its own definitions, even where it should not',
  source: { text: ADVANCED_FEATURES, section: '控制符号的可见性' },
  symbols: ['tick', 'clock_seconds'],
  variants: [
    {
      name: 'as-written',
      build: [...libraries(), app, reading],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [conflict('libclock.so', 'libwatch.so')],
          observes: { stdout: ['clock: 60 s', 'watch: 60 s'] },
        },
        {
          name: 'preloaded',
          command: ['./app'],
          environment: preloaded,
          predicts: [conflict('libshim.so', 'libclock.so', 'libwatch.so')],
          observes: { stdout: ['clock: 1000 s', 'watch: 1000 s'] },
        },
        {
          name: 'reading',
          command: ['./reading'],
          predicts: [],
          observes: { stdout: ['clock: 60 s', 'program: 60 s'] },
        },
      ],
    },
    {
      name: 'symbolic',
      build: [...libraries(SYMBOLIC), app, reading],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            { kind: 'exports', object: 'libclock.so', symbols: ['clock_run', 'clock_seconds', 'tick'] },
          ],
          observes: { stdout: ['clock: 60 s', 'watch: 1 s'] },
        },
        {
          name: 'preloaded',
          command: ['./app'],
          environment: preloaded,
          predicts: [],
          observes: { stdout: ['clock: 60 s', 'watch: 1 s'] },
        },
        {
          name: 'reading',
          command: ['./reading'],
          predicts: [],
          observes: { stdout: ['clock: 60 s', 'program: 0 s'] },
        },
      ],
    },
    {
      name: 'symbolic-functions',
      build: [...libraries('-Wl,-Bsymbolic-functions'), app, reading],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [],
          observes: { stdout: ['clock: 60 s', 'watch: 1 s'] },
        },
        {
          name: 'reading',
          command: ['./reading'],
          predicts: [],
          observes: { stdout: ['clock: 60 s', 'program: 60 s'] },
        },
      ],
    },
  ],
};
