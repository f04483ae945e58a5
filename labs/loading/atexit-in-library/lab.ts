import type { Lab } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const STOVE = './libstove.so';
const [raked, shut] = ['atexit: the ashes are raked', 'destructor: the stove is shut'];

export const lab: Lab = {
  title: 'What a library registers with atexit is called when dlclose unloads it',
  source: { text: ADVANCED_FEATURES, section: 'Dynamically Loaded Libraries' },
  symbols: ['stove_light'],
  variants: [
    {
      name: 'as-written',
      build: [library('libstove.so', 'stove.c'), program('app', 'app.c', '-ldl')],
      runs: [
        {
          name: 'closed',
          command: ['./app', 'close'],
          calls: [open(STOVE), lookUp(STOVE, 'stove_light'), close(STOVE)],
          predicts: [
            { kind: 'calls', results: ['libstove.so', 'libstove.so', 'unloads libstove.so'] },
            {
              kind: 'loader-events',
              events: ['init libstove.so', 'fini libstove.so', 'unload libstove.so', 'fini app'],
            },
          ],
          observes: { stdout: ['the stove burns', shut, raked, 'closed', 'the program ends'] },
        },
        {
          name: 'not closed',
          command: ['./app'],
          calls: [open(STOVE), lookUp(STOVE, 'stove_light')],
          predicts: [
            { kind: 'calls', results: ['libstove.so', 'libstove.so'] },
            { kind: 'loader-events', events: ['init libstove.so', 'fini app', 'fini libstove.so'] },
          ],
          observes: { stdout: ['the stove burns', 'the program ends', raked, shut] },
        },
      ],
    },
  ],
};
