import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const [SEA, SHIP] = ['./libsea.so', './libship.so'];

export const lab: Lab = {
  title: 'RTLD_GLOBAL makes a library and all that it needs known to those that are opened later',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['sea_name', 'wind_name', 'ship_sail'],
  variants: [
    {
      name: 'as-written',
      build: [
        library('libwind.so', 'wind.c'),
        library('libsea.so', 'sea.c', '-Wl,--no-as-needed', '-lwind'),
        library('libship.so', 'ship.c'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        {
          name: 'local',
          command: ['./app'],
          calls: [open(SEA, { now: true }), open(SHIP, { now: true })],
          predicts: [
            {
              kind: 'calls',
              results: ['libsea.so', 'refused: ./libship.so: undefined symbol: wind_name'],
            },
          ],
          observes: {
            stdout: ['./libship.so: undefined symbol: wind_name'],
            ends: { kind: 'status', status: 1 },
          },
        },
        {
          name: 'global',
          command: ['./app', 'global'],
          calls: [
            open(SEA, { now: true, global: true }),
            open(SHIP, { now: true }),
            lookUp(SHIP, 'ship_sail'),
          ],
          predicts: [{ kind: 'calls', results: ['libsea.so', 'libship.so', 'libship.so'] }],
          observes: { stdout: ['sailing the Baltic with a westerly'] },
        },
      ],
    },
    {
      name: 'mended-by-linking',
      build: [
        library('libwind.so', 'wind.c'),
        library('libsea.so', 'sea.c', '-Wl,--no-as-needed', '-lwind'),
        library('libship.so', 'ship.c', '-lsea', '-lwind'),
        program('app', 'app.c', '-ldl'),
      ],
      runs: [
        {
          command: ['./app'],
          calls: [open(SEA, { now: true }), open(SHIP, { now: true }), lookUp(SHIP, 'ship_sail')],
          predicts: [{ kind: 'calls', results: ['libsea.so', 'libship.so', 'libship.so'] }],
          observes: { stdout: ['sailing the Baltic with a westerly'] },
        },
      ],
    },
  ],
};
