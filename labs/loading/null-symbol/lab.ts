import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const MAP = './libmap.so';
const noAtlantis = './libmap.so: undefined symbol: atlantis';

export const lab: Lab = {
  title: 'dlerror tells a symbol whose value is NULL from one that is missing',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['mountain', 'nowhere', 'atlantis'],
  variants: [
    {
      name: 'as-written',
      build: [library('libmap.so', 'map.c', '-Wl,--defsym=nowhere=0'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [open(MAP), lookUp(MAP, 'mountain'), lookUp(MAP, 'nowhere'), lookUp(MAP, 'atlantis')],
          predicts: [
            {
              kind: 'calls',
              results: ['libmap.so', 'libmap.so', 'libmap.so, NULL', `refused: ${noAtlantis}`],
            },
          ],
          observes: {
            stdout: [
              'mountain: an address, no error',
              'nowhere: NULL, no error',
              `atlantis: NULL, ${noAtlantis}`,
            ],
          },
        },
      ],
    },
  ],
};
