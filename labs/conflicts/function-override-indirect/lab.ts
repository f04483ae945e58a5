import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const app = program('app', 'app.c', '-least', '-lwest');

/** One for each branch, or none. */
type Options = readonly [east: string, west: string] | readonly [];

/** app needs libeast.so, which needs libsunrise.so, and libwest.so, which needs libsunset.so. */
const eastAndWest = (...options: Options): Command[] => [
  library('libeast.so', 'east.c', ...options.slice(0, 1), '-lsunrise'),
  library('libwest.so', 'west.c', ...options.slice(1), '-lsunset'),
  app,
];

const sunriseAndSunset = (...options: Options): Command[] => [
  library('libsunrise.so', 'sunrise.c', ...options.slice(0, 1)),
  library('libsunset.so', 'sunset.c', ...options.slice(1)),
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

const renamed = ['-Dgreeting=sunrise_greeting', '-Dgreeting=sunset_greeting'] as const;

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
      build: [
        ...sunriseAndSunset('-Wl,--version-script=sunrise.map', '-Wl,--version-script=sunset.map'),
        ...eastAndWest(),
      ],
      runs: [{ command: ['./app'], predicts: [order], observes: eachItsOwn }],
    },
    {
      name: 'mended-by-renaming',
      symbols: ['sunrise_greeting', 'sunset_greeting'],
      build: [...sunriseAndSunset(...renamed), ...eastAndWest(...renamed)],
      runs: [{ command: ['./app'], predicts: [order], observes: eachItsOwn }],
    },
  ],
};
