import type { Command, Lab, OpenedFile } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const libraries: Command[] = [library('libleft.so', 'left.c'), library('libright.so', 'right.c')];
const opening = program('app', 'app.c', '-ldl');

const left: OpenedFile = { file: 'libleft.so' };
const right: OpenedFile = { file: 'libright.so' };

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
          opens: [left, right],
          predicts: [],
          observes: {
            stdout: ['libleft.so turns left', 'libright.so turns right'],
          },
        },
        {
          name: 'global',
          command: ['./app', 'global'],
          opens: [
            { ...left, global: true },
            { ...right, global: true },
          ],
          predicts: [],
          observes: {
            stdout: ['libleft.so turns left', 'libright.so turns left'],
          },
        },
      ],
    },
  ],
};
