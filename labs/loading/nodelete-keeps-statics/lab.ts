import type { Command, Lab, LabRun } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const BOOK = './libbook.so';

const build = (...book: string[]): Command[] => [
  library('libbook.so', 'book.c', ...book),
  program('app', 'app.c', '-ldl'),
];

/** Two visits; the first may open the library with RTLD_NODELETE. */
const visits = (noDelete: boolean) => [
  open(BOOK, { noDelete }),
  lookUp(BOOK, 'book_sign'),
  close(BOOK),
  open(BOOK),
  lookUp(BOOK, 'book_sign'),
  close(BOOK),
];

/** The handles are not even counted down. */
const stays = (why: string): Pick<LabRun, 'predicts' | 'observes'> => {
  return {
    predicts: [
      {
        kind: 'calls',
        results: [
          'libbook.so',
          'libbook.so',
          `unloads nothing; keeps libbook.so: ${why}`,
          'libbook.so, open 2 times',
          'libbook.so',
          `unloads nothing; keeps libbook.so: ${why}`,
        ],
      },
      { kind: 'loader-events', events: ['init libbook.so', 'fini app', 'fini libbook.so'] },
    ],
    observes: { stdout: ['guest number 1', 'guest number 2'] },
  };
};

const loaded = ['libbook.so', 'libbook.so', 'unloads libbook.so'];

export const lab: Lab = {
  title: 'RTLD_NODELETE and -z nodelete: dlclose unloads nothing, static variables keep their values',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['book_sign'],
  variants: [
    {
      name: 'as-written',
      build: build(),
      runs: [
        {
          name: 'plain',
          command: ['./app'],
          calls: visits(false),
          predicts: [{ kind: 'calls', results: [...loaded, ...loaded] }],
          observes: { stdout: ['guest number 1', 'guest number 1'] },
        },
        {
          name: 'RTLD_NODELETE',
          command: ['./app', 'keep'],
          calls: visits(true),
          ...stays('RTLD_NODELETE'),
        },
      ],
    },
    {
      name: 'linked-with-nodelete',
      build: build('-Wl,-z,nodelete'),
      runs: [{ command: ['./app'], calls: visits(false), ...stays('it is marked NODELETE (DF_1_NODELETE)') }],
    },
  ],
};
