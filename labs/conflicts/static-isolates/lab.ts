import type { Command, Lab } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

function build(...options: string[]): Command[] {
  return [
    library('libleft.so', 'left.c', ...options),
    library('libright.so', 'right.c', ...options),
    program('app', 'app.c', '-lleft', '-lright'),
  ];
}

export const lab: Lab = {
  title: 'A static variable is a matter of one source file: no clash, but no sharing either',
  source: { text: ADVANCED_FEATURES, section: '控制符号的可见性' },
  symbols: ['ratio'],
  variants: [
    {
      name: 'not-static',
      build: build('-DSTATIC='),
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
          ],
          observes: { stdout: ['left: 3', 'right: 3'] },
        },
      ],
    },
    {
      name: 'static',
      build: build('-DSTATIC=static'),
      runs: [{ command: ['./app'], predicts: [], observes: { stdout: ['left: 3', 'right: 1'] } }],
    },
    {
      name: 'static-in-two-files',
      build: [
        library('libleft.so', '-DSTATIC=static', '-DTWO_FILES', 'left.c', 'left_show.c'),
        library('libright.so', '-DSTATIC=static', '-DTWO_FILES', 'right.c', 'right_show.c'),
        program('app', 'app.c', '-lleft', '-lright'),
      ],
      runs: [{ command: ['./app'], predicts: [], observes: { stdout: ['left: 1', 'right: 1'] } }],
    },
  ],
};
