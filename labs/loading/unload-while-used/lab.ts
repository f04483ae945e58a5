import type { Command, Lab } from '../../../src/model/lab.ts';
import { close, lookUp, open, use } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const [RIVER, MILL] = ['./libriver.so', './libmill.so'];

const build = (...mill: string[]): Command[] => [
  library('libriver.so', 'river.c'),
  library('libmill.so', 'mill.c', '-Wl,-z,lazy', ...mill),
  program('app', 'app.c', '-ldl'),
];

const asks = open(RIVER, { noLoad: true });
const opensRiver = open(RIVER, { global: true });
const findsMill = lookUp(MILL, 'mill_grind');
const grinds = use(MILL, 'river_flow');

export const lab: Lab = {
  title: 'A library whose symbols another one uses is not unloaded by dlclose',
  source: { text: ADVANCED_FEATURES, section: 'Exercises' },
  symbols: ['river_flow', 'mill_grind'],
  variants: [
    {
      name: 'not-linked',
      build: build(),
      runs: [
        {
          name: 'not yet used',
          command: ['./app'],
          calls: [opensRiver, open(MILL), findsMill, close(RIVER), asks, close(MILL), asks],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libriver.so',
                'libmill.so',
                'libmill.so',
                'unloads libriver.so',
                'not loaded',
                'unloads libmill.so',
                'not loaded',
              ],
            },
          ],
          observes: { stdout: ['the river is gone', 'the river is gone'] },
        },
        {
          name: 'used',
          command: ['./app', 'early'],
          calls: [
            opensRiver,
            open(MILL),
            findsMill,
            grinds,
            close(RIVER),
            asks,
            close(RIVER),
            close(MILL),
            asks,
          ],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libriver.so',
                'libmill.so',
                'libmill.so',
                'libriver.so',
                'unloads nothing; keeps libriver.so: ./libmill.so is bound to its river_flow',
                'libriver.so',
                'unloads nothing; keeps libriver.so: ./libmill.so is bound to its river_flow',
                'unloads libmill.so libriver.so',
                'not loaded',
              ],
            },
            {
              kind: 'loader-events',
              events: [
                'init libriver.so',
                'init libmill.so',
                'fini libmill.so',
                'fini libriver.so',
                'unload libmill.so',
                'unload libriver.so',
                'fini app',
              ],
            },
          ],
          observes: {
            stdout: ['grinding with 3', 'the river stays', 'grinding with 3', 'the river is gone'],
          },
        },
        {
          name: 'now',
          command: ['./app', 'now'],
          calls: [
            opensRiver,
            open(MILL, { now: true }),
            findsMill,
            close(RIVER),
            asks,
            close(RIVER),
            close(MILL),
            asks,
          ],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libriver.so',
                'libmill.so',
                'libmill.so',
                'unloads nothing; keeps libriver.so: ./libmill.so is bound to its river_flow',
                'libriver.so',
                'unloads nothing; keeps libriver.so: ./libmill.so is bound to its river_flow',
                'unloads libmill.so libriver.so',
                'not loaded',
              ],
            },
          ],
          observes: { stdout: ['the river stays', 'grinding with 3', 'the river is gone'] },
        },
      ],
    },
    {
      name: 'linked',
      symbols: ['mill_grind'],
      build: build('-lriver'),
      runs: [
        {
          command: ['./app'],
          calls: [opensRiver, open(MILL), findsMill, close(RIVER), asks, close(RIVER), close(MILL), asks],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libriver.so',
                'libmill.so',
                'libmill.so',
                'unloads nothing; keeps libriver.so: ./libmill.so needs it',
                'libriver.so',
                'unloads nothing; keeps libriver.so: ./libmill.so needs it',
                'unloads libmill.so libriver.so',
                'not loaded',
              ],
            },
          ],
          observes: { stdout: ['the river stays', 'the river is gone'] },
        },
      ],
    },
  ],
};
