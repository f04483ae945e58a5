import type { Command, Lab } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const text = (...options: string[]): Command =>
  library('libtext.so', 'count.c', 'title.c', 'abstract.c', ...options);

const app = program('app', 'app.c', '-ltext');
const intruder = program('intruder', 'intruder.c', '-ltext');

const works = { stdout: ['title 0', 'abstract 1'] };

export const lab: Lab = {
  title: 'An internal function escapes from its library, and a version script takes it back',
  source: { text: ADVANCED_FEATURES, section: 'Controlling Symbol Visibility with Version Scripts' },
  symbols: ['count_words'],
  variants: [
    {
      name: 'without-a-map',
      build: [text(), app, intruder],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            {
              kind: 'exports',
              object: 'libtext.so',
              symbols: ['abstract_fits', 'count_words', 'title_fits'],
            },
          ],
          observes: works,
        },
        {
          name: 'intruder',
          command: ['./intruder'],
          predicts: [],
          observes: { stdout: ['title 1', '3 words'] },
        },
      ],
    },
    {
      name: 'with-a-map',
      build: [text('-Wl,--version-script=text.map'), app, { refused: intruder, because: 'count_words' }],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'exports',
              object: 'libtext.so',
              symbols: ['abstract_fits@@TEXT_1', 'title_fits@@TEXT_1'],
            },
          ],
          observes: works,
        },
      ],
    },
    {
      name: 'with-an-anonymous-map',
      build: [text('-Wl,--version-script=anonymous.map'), app, { refused: intruder, because: 'count_words' }],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'exports', object: 'libtext.so', symbols: ['abstract_fits', 'title_fits'] }],
          observes: works,
        },
      ],
    },
    {
      name: 'outsider-after-the-map',
      build: [text(), intruder, text('-Wl,--version-script=text.map')],
      runs: [
        {
          command: ['./intruder'],
          predicts: [
            {
              kind: 'load',
              finding: 'load.undefined-symbol',
              severity: 'error',
              message: 'symbol lookup error: intruder: undefined symbol: count_words',
              when: 'start',
            },
          ],
          environment: { LD_BIND_NOW: '1' },
          observes: { stdout: [], ends: { kind: 'status', status: 127 } },
        },
      ],
    },
  ],
};
