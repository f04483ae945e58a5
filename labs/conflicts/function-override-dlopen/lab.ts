import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const libraries: Command[] = [library('libleft.so', 'left.c'), library('libright.so', 'right.c')];
const opening = program('app', 'app.c', '-ldl');

const [LEFT, RIGHT] = ['./libleft.so', './libright.so'];

/** Opens one library after the other and lets each turn. */
const turns = (global: boolean) => [
  open(LEFT, { now: true, global }),
  lookUp(LEFT, 'left_turn'),
  open(RIGHT, { now: true, global }),
  lookUp(RIGHT, 'right_turn'),
];

const opened: Prediction = {
  kind: 'calls',
  results: ['libleft.so', 'libleft.so', 'libright.so', 'libright.so'],
};

export const lab: Lab = {
  title: 'Opened with RTLD_LOCAL, two libraries that define one function keep their own',
  source: { text: SO_COMPATIBILITY, section: '2.1' },
  symbols: ['side'],
  variants: [
    {
      name: 'linked',
      build: [...libraries, program('app', 'linked.c', '-lleft', '-lright')],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'conflict',
              symbol: 'side',
              finding: 'conflict.function',
              severity: 'warning',
              winner: 'libleft.so',
              losers: ['libright.so'],
            },
          ],
          observes: { stdout: ['libleft.so turns left', 'libright.so turns left'] },
        },
      ],
    },
    {
      name: 'opened',
      build: [...libraries, opening],
      runs: [
        {
          name: 'local',
          command: ['./app'],
          calls: turns(false),
          predicts: [opened],
          observes: {
            stdout: ['libleft.so turns left', 'libright.so turns right'],
          },
        },
        {
          name: 'global',
          command: ['./app', 'global'],
          calls: turns(true),
          predicts: [opened],
          observes: {
            stdout: ['libleft.so turns left', 'libright.so turns left'],
          },
        },
      ],
    },
  ],
};
