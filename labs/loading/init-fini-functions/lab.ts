import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

/** The shop needs the store, which is built in one of several ways. */
const build = (...store: string[]): Command[] => [
  library('libstore.so', ...store),
  library('libshop.so', 'shop.c', '-Wl,--no-as-needed', '-lstore'),
  program('app', 'app.c', '-lshop'),
];

const events: Prediction = {
  kind: 'loader-events',
  events: ['init libstore.so', 'init libshop.so', 'fini app', 'fini libshop.so', 'fini libstore.so'],
};

/** What is printed between the first word and the last of the store. */
const trade = ['shop: unlocked', 'shop: lit', 'sold', 'shop: dark', 'shop: locked'];

export const lab: Lab = {
  title: 'Constructors and destructors over a dependency tree, and the old _init and _fini',
  source: { text: ADVANCED_FEATURES, section: 'Initialization and Finalization Functions' },
  symbols: [],
  variants: [
    {
      name: 'old-functions',
      build: [
        { refused: library('libstore.so', 'old.c'), because: '_init' },
        ...build('old.c', '-nostartfiles'),
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [events],
          observes: { stdout: ['store: _init', ...trade, 'store: _fini'] },
        },
      ],
    },
    {
      name: 'named-functions',
      build: build('named.c', '-Wl,-init,store_open', '-Wl,-fini,store_close'),
      runs: [
        {
          command: ['./app'],
          predicts: [events],
          observes: {
            stdout: ['store: opened', 'store: constructor', ...trade, 'store: destructor', 'store: closed'],
          },
        },
      ],
    },
  ],
};
