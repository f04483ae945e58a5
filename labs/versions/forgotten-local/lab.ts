import type { Command, Lab } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const area = (map: string): Command => library('libarea.so', 'area.c', `-Wl,--version-script=${map}`);
const app = program('app', 'app.c', '-larea');
const outsider = program('outsider', 'outsider.c', '-larea');

const versions = ['area@@AREA_2', 'area@AREA_1'];

export const lab: Lab = {
  title: 'Without local: * the names that implement the versions escape',
  source: { text: ADVANCED_FEATURES, section: 'Symbol Versioning' },
  symbols: ['area', 'area_in_acres'],
  variants: [
    {
      name: 'forgotten',
      build: [area('forgotten.map'), app, outsider],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            {
              kind: 'exports',
              object: 'libarea.so',
              symbols: [...versions, 'area_in_acres', 'area_in_hectares', 'area_round'],
            },
          ],
          observes: { stdout: ['area 100'] },
        },
        {
          name: 'outsider',
          command: ['./outsider'],
          predicts: [],
          observes: { stdout: ['247 acres'] },
        },
      ],
    },
    {
      name: 'mended-by-local',
      build: [area('complete.map'), app, { refused: outsider, because: 'area_in_acres' }],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'exports', object: 'libarea.so', symbols: versions }],
          observes: { stdout: ['area 100'] },
        },
      ],
    },
  ],
};
