import type { Lab } from '../../../src/model/lab.ts';
import { close, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const LAMP = './liblamp.so';

export const lab: Lab = {
  title: 'Opened twice, a library is loaded once, and unloaded when it has been closed twice',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: [],
  variants: [
    {
      name: 'opened-twice',
      build: [library('liblamp.so', 'lamp.c'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [open(LAMP), open(LAMP), close(LAMP), close(LAMP), open(LAMP)],
          predicts: [
            {
              kind: 'calls',
              results: [
                'liblamp.so',
                'liblamp.so, open 2 times',
                'unloads nothing; keeps liblamp.so: one handle of it is open',
                'unloads liblamp.so',
                'liblamp.so',
              ],
            },
            {
              kind: 'loader-events',
              events: [
                'init liblamp.so',
                'fini liblamp.so',
                'unload liblamp.so',
                'init liblamp.so',
                'fini app',
                'fini liblamp.so',
              ],
            },
          ],
          observes: {
            stdout: [
              '  the lamp is lit',
              'one handle',
              'closed once',
              '  the lamp is out',
              'closed twice',
              '  the lamp is lit',
              'opened again',
              '  the lamp is out',
            ],
          },
        },
      ],
    },
  ],
};
