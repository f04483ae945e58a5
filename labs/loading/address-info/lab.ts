import type { Lab, Prediction } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const GARDEN = './libgarden.so';

type Place = Omit<Extract<Prediction, { kind: 'address' }>, 'kind' | 'object'>;

const at = (place: Place): Prediction => ({ kind: 'address', object: 'libgarden.so', ...place });

export const lab: Lab = {
  title: 'dladdr tells the object of an address and the nearest symbol that reaches it',
  source: { text: ADVANCED_FEATURES, section: 'Exercises' },
  symbols: ['bed', 'pond', 'water', 'shed_door'],
  variants: [
    {
      name: 'as-written',
      build: [library('libgarden.so', 'garden.c'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls: [
            open(GARDEN),
            lookUp(GARDEN, 'bed'),
            lookUp(GARDEN, 'pond'),
            lookUp(GARDEN, 'water'),
            lookUp(GARDEN, 'shed_door'),
          ],
          predicts: [
            {
              kind: 'calls',
              results: ['libgarden.so', 'libgarden.so', 'libgarden.so', 'libgarden.so', 'libgarden.so'],
            },
            at({ name: 'water', of: 'water', is: 'water+0' }),
            at({ name: 'bed', of: 'bed', is: 'bed+0' }),
            at({ name: 'bed+6', of: 'bed', offset: 6, is: 'bed+6' }),
            at({ name: 'pond', of: 'pond', is: 'pond+0' }),
            at({ name: 'pond+1', of: 'pond', offset: 1, is: 'no symbol' }),
            at({ name: 'shed', of: 'shed', is: 'no symbol' }),
            at({ name: 'start of the file', is: 'no symbol' }),
          ],
          observes: {
            stdout: [
              'water: libgarden.so, water+0',
              'bed: libgarden.so, bed+0',
              'bed+6: libgarden.so, bed+6',
              'pond: libgarden.so, pond+0',
              'pond+1: libgarden.so, no symbol',
              'shed: libgarden.so, no symbol',
              'start of the file: libgarden.so, no symbol',
              'stack: in no object',
            ],
          },
        },
      ],
    },
  ],
};
