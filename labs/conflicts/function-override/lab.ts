import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

function build(options: readonly string[], linkOrder: readonly string[]): Command[] {
  return [
    library('libmetric.so', 'metric.c', ...options),
    library('libimperial.so', 'imperial.c', ...options),
    program('app', 'app.c', ...linkOrder),
  ];
}

function unitIsTakenFrom(winner: string, loser: string): Prediction[] {
  return [
    { kind: 'lookup-order', objects: ['app', winner, loser] },
    {
      kind: 'conflict',
      symbol: 'unit',
      finding: 'conflict.function',
      severity: 'warning',
      winner,
      losers: [loser],
    },
  ];
}

export const lab: Lab = {
  title: 'Two libraries define one function: the first in lookup order serves the callers in both',
  source: { text: SO_COMPATIBILITY, section: '2.1' },
  symbols: ['unit'],
  variants: [
    {
      name: 'as-written',
      build: build([], ['-lmetric', '-limperial']),
      runs: [
        {
          command: ['./app'],
          predicts: unitIsTakenFrom('libmetric.so', 'libimperial.so'),
          observes: { stdout: ['metric: 3 metres', 'imperial: 10 metres'] },
        },
      ],
    },
    {
      name: 'link-order-swapped',
      build: build([], ['-limperial', '-lmetric']),
      runs: [
        {
          command: ['./app'],
          predicts: unitIsTakenFrom('libimperial.so', 'libmetric.so'),
          observes: { stdout: ['metric: 3 feet', 'imperial: 10 feet'] },
        },
      ],
    },
    {
      name: 'mended-by-hidden-visibility',
      build: build(['-fvisibility=hidden'], ['-lmetric', '-limperial']),
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'lookup-order', objects: ['app', 'libmetric.so', 'libimperial.so'] }],
          observes: { stdout: ['metric: 3 metres', 'imperial: 10 feet'] },
        },
      ],
    },
  ],
};
