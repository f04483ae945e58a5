import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { cxxLibrary, cxxProgram } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

/** `map`: the end of the export maps' names; without one everything is exported. */
const libraries = (map?: string): Command[] =>
  (['kitchen', 'cellar'] as const).map((name) => {
    const script = map === undefined ? [] : [`-Wl,--version-script=${name}${map}`];
    return cxxLibrary(`lib${name}.so`, `${name}.cpp`, ...script);
  });

const app = cxxProgram('app', 'app.cpp', '-lkitchen', '-lcellar');

const conflict = (symbol: string, finding: 'conflict.variable' | 'conflict.class-static'): Prediction => ({
  kind: 'conflict',
  symbol,
  finding,
  severity: finding === 'conflict.variable' ? 'warning' : 'error',
  winner: 'libkitchen.so',
  losers: ['libcellar.so'],
});

const exports = (object: string, ...symbols: string[]): Prediction => ({ kind: 'exports', object, symbols });

export const lab: Lab = {
  title: 'An export map for each library leaves each one its own variable and its own object',
  source: { text: SO_COMPATIBILITY, section: '2.5' },
  symbols: ['limit', '_ZN6Sensor6sharedE'],
  variants: [
    {
      name: 'without-maps',
      build: [...libraries(), app],
      runs: [
        {
          command: ['./app'],
          predicts: [
            conflict('limit', 'conflict.variable'),
            conflict('_ZN6Sensor6sharedE', 'conflict.class-static'),
          ],
          observes: { stdout: ['kitchen: 25', 'cellar: 25', 'kitchen: sensor off', 'kitchen: sensor off'] },
        },
      ],
    },
    {
      name: 'with-maps',
      build: [...libraries('.map'), app],
      runs: [
        {
          command: ['./app'],
          predicts: [
            exports('libkitchen.so', '_Z11kitchen_seti', '_Z12kitchen_showv'),
            exports('libcellar.so', '_Z10cellar_seti', '_Z11cellar_showv'),
          ],
          observes: { stdout: ['kitchen: 25', 'cellar: 12', 'kitchen: sensor off', 'cellar: sensor off'] },
        },
      ],
    },
    {
      name: 'a-wildcard-in-quotes',
      build: [
        ...libraries('-quoted.map'),
        { refused: app, because: 'undefined' },
        cxxProgram('idle', 'idle.cpp', '-Wl,--no-as-needed', '-lkitchen', '-lcellar'),
      ],
      runs: [
        {
          command: ['./idle'],
          predicts: [exports('libkitchen.so'), exports('libcellar.so')],
          observes: { stdout: ['kitchen: sensor off', 'cellar: sensor off'] },
        },
      ],
    },
  ],
};
