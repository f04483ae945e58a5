import type { Lab } from '../../../src/model/lab.ts';
import { open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const [SEA, SHIP] = ['./libsea.so', './libship.so'];

export const lab: Lab = {
  title: 'RTLD_NOLOAD asks for a library that is there, and with RTLD_GLOBAL makes it global',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['sea_name'],
  variants: [
    {
      name: 'as-written',
      build: [
        library('libsea.so', 'sea.c'),
        library('libship.so', 'ship.c'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        {
          command: ['./app'],
          calls: [
            open(SEA, { noLoad: true }),
            open(SEA),
            open(SEA, { noLoad: true }),
            open(SHIP, { now: true }),
            open(SEA, { noLoad: true, global: true }),
            open(SHIP, { now: true }),
          ],
          predicts: [
            {
              kind: 'calls',
              results: [
                'not loaded',
                'libsea.so',
                'libsea.so, open 2 times',
                'refused: ./libship.so: undefined symbol: sea_name',
                'libsea.so, open 3 times',
                'libship.so',
              ],
            },
            {
              kind: 'loader-events',
              events: ['init libsea.so', 'init libship.so', 'fini app', 'fini libship.so', 'fini libsea.so'],
            },
          ],
          observes: {
            stdout: [
              'sea, asked for: not there',
              'sea, opened: there',
              'sea, asked for: there',
              'ship, opened: ./libship.so: undefined symbol: sea_name',
              'sea, promoted: there',
              'ship, opened: there',
            ],
          },
        },
      ],
    },
  ],
};
