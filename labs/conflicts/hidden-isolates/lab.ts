import type { Command, Lab } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const libraries = (...options: string[]): Command[] => [
  library('libleft.so', 'left.c', 'left_teeth.c', ...options),
  library('libright.so', 'right.c', 'right_teeth.c', ...options),
];

const app = program('app', 'app.c', '-lleft', '-lright');
const prying = program('prying', 'prying.c', '-lleft');

export const lab: Lab = {
  title: 'A hidden name belongs to one library, to all of its files and to nobody else',
  source: { text: ADVANCED_FEATURES, section: '控制符号的可见性' },
  symbols: ['ratio'],
  variants: [
    {
      name: 'everything-visible',
      build: [...libraries('-DHIDDEN='), app],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'conflict',
              symbol: 'ratio',
              finding: 'conflict.variable',
              severity: 'warning',
              winner: 'libleft.so',
              losers: ['libright.so'],
            },
            { kind: 'exports', object: 'libleft.so', symbols: ['left_teeth', 'left_turn', 'ratio'] },
          ],
          observes: { stdout: ['left: 10', 'right: 10'] },
        },
      ],
    },
    {
      name: 'hidden',
      build: [...libraries(), app, { refused: prying, because: 'left_teeth' }],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'exports', object: 'libleft.so', symbols: ['left_turn'] }],
          observes: { stdout: ['left: 10', 'right: 20'] },
        },
      ],
    },
  ],
};
