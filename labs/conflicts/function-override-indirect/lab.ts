import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const app = program('app', 'app.c', '-least', '-lwest');

/** What the compiler does anyway. */
const DEFAULT = '-O0';

/** One compiler option for the libraries of one branch. */
interface Options {
  readonly east?: string;
  readonly west?: string;
}

/** app needs libeast.so, which needs libsunrise.so, and libwest.so, which needs libsunset.so. */
const eastAndWest = ({ east = DEFAULT, west = DEFAULT }: Options = {}): Command[] => [
  library('libeast.so', 'east.c', east, '-lsunrise'),
  library('libwest.so', 'west.c', west, '-lsunset'),
  app,
];

const sunriseAndSunset = ({ east = DEFAULT, west = DEFAULT }: Options = {}): Command[] => [
  library('libsunrise.so', 'sunrise.c', east),
  library('libsunset.so', 'sunset.c', west),
];

const order: Prediction = {
  kind: 'lookup-order',
  objects: ['app', 'libeast.so', 'libwest.so', 'libsunrise.so', 'libsunset.so'],
};

const conflict = (winner: string, loser: string): Prediction => ({
  kind: 'conflict',
  symbol: 'greeting',
  finding: 'conflict.function',
  severity: 'warning',
  winner,
  losers: [loser],
});

const renamed = { east: '-Dgreeting=sunrise_greeting', west: '-Dgreeting=sunset_greeting' };
const versions = { east: '-Wl,--version-script=sunrise.map', west: '-Wl,--version-script=sunset.map' };

const eachItsOwn = { stdout: ['east: good morning', 'west: good evening'] };

export const lab: Lab = {
  title: 'Two libraries behind two others define one function: breadth-first order decides who serves all',
  source: { text: SO_COMPATIBILITY, section: '2.1' },
  symbols: ['greeting'],
  variants: [
    {
      name: 'equally-deep',
      build: [...sunriseAndSunset(), ...eastAndWest()],
      runs: [
        {
          command: ['./app'],
          predicts: [order, conflict('libsunrise.so', 'libsunset.so')],
          observes: { stdout: ['east: good morning', 'west: good morning'] },
        },
      ],
    },
    {
      name: 'first-branch-one-deeper',
      build: [
        ...sunriseAndSunset(),
        library('libhorizon.so', 'horizon.c', '-lsunrise'),
        library('libeast.so', '-Dgreeting=horizon_greeting', 'east.c', '-lhorizon'),
        library('libwest.so', 'west.c', '-lsunset'),
        app,
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'lookup-order',
              objects: ['app', 'libeast.so', 'libwest.so', 'libhorizon.so', 'libsunset.so', 'libsunrise.so'],
            },
            conflict('libsunset.so', 'libsunrise.so'),
          ],
          observes: { stdout: ['east: good evening', 'west: good evening'] },
        },
      ],
    },
    {
      name: 'mended-by-symbol-versions',
      build: [...sunriseAndSunset(versions), ...eastAndWest()],
      runs: [{ command: ['./app'], predicts: [order], observes: eachItsOwn }],
    },
    {
      name: 'mended-by-renaming',
      symbols: ['sunrise_greeting', 'sunset_greeting'],
      build: [...sunriseAndSunset(renamed), ...eastAndWest(renamed)],
      runs: [{ command: ['./app'], predicts: [order], observes: eachItsOwn }],
    },
  ],
};
