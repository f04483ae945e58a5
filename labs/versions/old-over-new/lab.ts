import type { Command, Lab, LoadTime, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const newRelease = library('libtide.so.1', 'tide-2.c', '-Wl,-soname,libtide.so.1');
const oldRelease = library('libtide.so.1', 'tide-1.c', '-Wl,-soname,libtide.so.1');

/** A program that was linked with the new release and finds the old one in its place. */
const build = (...args: string[]): Command[] => [
  newRelease,
  program('app', ...args, '-l:libtide.so.1'),
  oldRelease,
];

const missing = (symbol: string, when: LoadTime): Extract<Prediction, { kind: 'load' }> => ({
  kind: 'load',
  finding: 'load.undefined-symbol',
  severity: 'error',
  message: `symbol lookup error: app: undefined symbol: ${symbol}`,
  when,
});

const fails = { kind: 'status', status: 127 } as const;

export const lab: Lab = {
  title: 'A program that needs a new function fails over an older library: at the call, or at the start',
  source: { text: SO_COMPATIBILITY, section: '3.1' },
  symbols: ['tide_low', 'tide_unit'],
  variants: [
    {
      name: 'new-library',
      build: [newRelease, program('app', 'app.c', '-l:libtide.so.1')],
      runs: [{ command: ['./app', 'low'], predicts: [], observes: { stdout: ['high 14', 'low 3'] } }],
    },
    {
      name: 'bound-lazily',
      build: build('app.c', '-Wl,-z,lazy'),
      runs: [
        {
          name: 'never called',
          command: ['./app'],
          predicts: [{ ...missing('tide_low', 'call'), unsaid: true }],
          observes: { stdout: ['high 14'] },
        },
        {
          name: 'called',
          command: ['./app', 'low'],
          predicts: [missing('tide_low', 'call')],
          observes: { stdout: ['high 14'], ends: fails },
        },
        {
          name: 'LD_BIND_NOW',
          command: ['./app'],
          environment: { LD_BIND_NOW: '1' },
          predicts: [missing('tide_low', 'start')],
          observes: { stdout: [], ends: fails },
        },
      ],
    },
    {
      name: 'bound-at-once',
      build: build('app.c', '-Wl,-z,now'),
      runs: [
        {
          command: ['./app'],
          predicts: [missing('tide_low', 'start')],
          observes: { stdout: [], ends: fails },
        },
      ],
    },
    {
      name: 'a-variable',
      build: build('unit.c', '-Wl,-z,lazy'),
      runs: [
        {
          command: ['./app'],
          predicts: [missing('tide_unit', 'start')],
          observes: { stdout: [], ends: fails },
        },
      ],
    },
  ],
};
