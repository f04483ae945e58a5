import type { Lab } from '../../../src/model/lab.ts';
import { lookUp, open, PROGRAM, use } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const libraries = [
  library('libcountry.so', 'country.c'),
  library('libcoast.so', 'coast.c'),
  library('libisland.so', 'island.c'),
];

const calls = [
  open(null),
  open('./libisland.so'),
  open('./libcoast.so', { global: true }),
  use('app', 'road'),
  lookUp(PROGRAM, 'town'),
  lookUp(PROGRAM, 'road'),
  lookUp(PROGRAM, 'harbour'),
  lookUp(PROGRAM, 'beach'),
];

const opened = ['app, open 2 times', 'libisland.so', 'libcoast.so'];
const noBeach = 'app: undefined symbol: beach';

export const lab: Lab = {
  title: 'dlopen(NULL): a look-up takes the program, its libraries, then those opened with RTLD_GLOBAL',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['town', 'harbour', 'beach'],
  variants: [
    {
      name: 'exporting',
      build: [...libraries, program('app', 'app.c', '-rdynamic', '-Wl,-z,lazy', '-lcountry', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls,
          predicts: [
            {
              kind: 'calls',
              results: [
                ...opened,
                'libcountry.so',
                'app',
                'libcountry.so',
                'libcoast.so',
                `refused: ${noBeach}`,
              ],
            },
          ],
          observes: {
            stdout: [
              "the country's road",
              "the program's town",
              "the country's road",
              "the coast's harbour",
              noBeach,
            ],
          },
        },
      ],
    },
  ],
};
