import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { close, lookUp, open, use } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const NIGHT = './libnight.so';

const build: Command[] = [
  library('libsun.so', 'sun.c'),
  library('libday.so', 'day.c', '-lsun'),
  library('libnight.so', 'night.c', '-Wl,-z,lazy'),
  program('app', 'app.c', '-lday', '-ldl'),
  ['mkdir', '-p', 'other'],
  ['cp', 'libday.so', 'libsun.so', 'other'],
];

const stdout = ['the day has 16 hours', 'the night has 8'];

/** What the trace tells of every category. */
const timeline = (rule: 'runpath' | 'library-path', [day, sun]: readonly [string, string]): Prediction[] => [
  { kind: 'found', libraries: { 'libday.so': rule, 'libsun.so': rule } },
  { kind: 'lookup-order', objects: ['app', day, sun] },
  { kind: 'calls', results: ['libnight.so', 'libnight.so', day, 'unloads libnight.so'] },
  {
    kind: 'loader-events',
    events: [
      `init ${sun}`,
      `init ${day}`,
      'init libnight.so',
      'fini libnight.so',
      'unload libnight.so',
      'fini app',
      `fini ${day}`,
      `fini ${sun}`,
    ],
  },
];

const calls = [open(NIGHT), lookUp(NIGHT, 'night_length'), use(NIGHT, 'day_length'), close(NIGHT)];

export const lab: Lab = {
  title: 'LD_DEBUG tells what the loader does: what it searches, loads, binds, and whose code it runs',
  source: { text: ADVANCED_FEATURES, section: 'Monitoring the Dynamic Linker' },
  symbols: ['day_length', 'sun_hours', 'night_length'],
  variants: [
    {
      name: 'into-a-file',
      build,
      runs: [
        {
          name: 'runpath',
          command: ['./app'],
          calls,
          predicts: timeline('runpath', ['libday.so', 'libsun.so']),
          observes: { stdout },
        },
        {
          name: 'LD_LIBRARY_PATH',
          command: ['./app'],
          environment: { LD_LIBRARY_PATH: 'other' },
          calls,
          predicts: timeline('library-path', ['other/libday.so', 'other/libsun.so']),
          observes: { stdout },
        },
      ],
    },
    {
      name: 'to-standard-error',
      build,
      runs: [
        {
          name: 'libs',
          command: ['env', '-u', 'LD_DEBUG_OUTPUT', 'LD_DEBUG=libs', './app'],
          predicts: [],
          observes: { stdout, stderr: 'find library=libday.so [0]; searching' },
        },
        {
          name: 'files',
          command: ['env', '-u', 'LD_DEBUG_OUTPUT', 'LD_DEBUG=files', './app'],
          predicts: [],
          observes: { stdout, stderr: 'file=./libnight.so [0];  destroying link map' },
        },
        {
          name: 'bindings',
          command: ['env', '-u', 'LD_DEBUG_OUTPUT', 'LD_DEBUG=bindings', './app'],
          predicts: [],
          observes: { stdout, stderr: "libsun.so [0]: normal symbol `sun_hours'" },
        },
        {
          name: 'no such category',
          command: ['env', '-u', 'LD_DEBUG_OUTPUT', 'LD_DEBUG=weather', './app'],
          predicts: [],
          observes: { stdout, stderr: "debug option `weather' unknown" },
        },
      ],
    },
  ],
};
