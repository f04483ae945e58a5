import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

function build(
  heater: readonly string[] = [],
  cooler: readonly string[] = heater,
  linkOrder: readonly string[] = ['-lheater', '-lcooler'],
): Command[] {
  return [
    library('libheater.so', 'heater.c', ...heater),
    library('libcooler.so', 'cooler.c', ...cooler),
    program('app', 'app.c', ...linkOrder),
  ];
}

const conflict = (winner: string, loser: string): Prediction => ({
  kind: 'conflict',
  symbol: 'target',
  finding: 'conflict.variable',
  severity: 'warning',
  winner,
  losers: [loser],
});

/** What the program shows at first, with the heater set to 90 and with the cooler set to 4. */
function shows(...stages: readonly (readonly [heater: number, cooler: number])[]) {
  return { stdout: stages.flatMap(([heater, cooler]) => [`heater: ${heater}`, `cooler: ${cooler}`]) };
}

const twoVariables = shows([21, 5], [90, 5], [90, 4]);

export const lab: Lab = {
  title: 'Two libraries define one variable: there is one, and setting it through either changes both',
  source: { text: SO_COMPATIBILITY, section: '2.2' },
  symbols: ['target'],
  variants: [
    {
      name: 'as-written',
      build: build(),
      runs: [
        {
          command: ['./app'],
          predicts: [conflict('libheater.so', 'libcooler.so')],
          observes: shows([21, 21], [90, 90], [4, 4]),
        },
      ],
    },
    {
      name: 'link-order-swapped',
      build: build([], [], ['-lcooler', '-lheater']),
      runs: [
        {
          command: ['./app'],
          predicts: [conflict('libcooler.so', 'libheater.so')],
          observes: shows([5, 5], [90, 90], [4, 4]),
        },
      ],
    },
    {
      name: 'mended-by-hidden-visibility',
      build: build(['-fvisibility=hidden']),
      runs: [{ command: ['./app'], predicts: [], observes: twoVariables }],
    },
    {
      name: 'mended-by-export-maps',
      build: build(['-Wl,--version-script=heater.map'], ['-Wl,--version-script=cooler.map']),
      runs: [{ command: ['./app'], predicts: [], observes: twoVariables }],
    },
  ],
};
