import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const libraries = (...options: string[]): Command[] => [
  library('libnorth.so', 'north.c', ...options),
  library('libsouth.so', 'south.c', ...options),
  library('libshim.so', 'shim.c'),
];

const app = program('app', 'app.c', '-lnorth', '-lsouth');
/** Refers to the variable by a fixed address, so that the linker would have to copy it into the program. */
const reading = program('reading', '-fno-pie', '-no-pie', 'reading.c', '-lnorth');

const preloaded = { LD_PRELOAD: './libshim.so' };

const conflict = (
  symbol: string,
  finding: 'conflict.function' | 'conflict.variable',
  winner: string,
  ...losers: string[]
): Prediction => ({ kind: 'conflict', symbol, finding, severity: 'warning', winner, losers });

export const lab: Lab = {
  title: 'A protected name is offered to others, and its own library always uses its own',
  source: { text: ADVANCED_FEATURES, section: '控制符号的可见性' },
  symbols: ['depth', 'height'],
  variants: [
    {
      name: 'default-visibility',
      build: [...libraries('-DKIND="default"'), app, reading],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            conflict('depth', 'conflict.function', 'libnorth.so', 'libsouth.so'),
            conflict('height', 'conflict.variable', 'libnorth.so', 'libsouth.so'),
          ],
          observes: { stdout: ['north: -100 to 100', 'south: -100 to 100', 'program: -100'] },
        },
        {
          name: 'preloaded',
          command: ['./app'],
          environment: preloaded,
          predicts: [
            conflict('depth', 'conflict.function', 'libshim.so', 'libnorth.so', 'libsouth.so'),
            conflict('height', 'conflict.variable', 'libnorth.so', 'libsouth.so'),
          ],
          observes: { stdout: ['north: -9999 to 100', 'south: -9999 to 100', 'program: -9999'] },
        },
        {
          name: 'reading',
          command: ['./reading'],
          predicts: [],
          observes: { stdout: ['north: -100 to 100', 'program: 100'] },
        },
      ],
    },
    {
      name: 'protected',
      build: [...libraries(), app, { refused: reading, because: 'height' }],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            { kind: 'exports', object: 'libsouth.so', symbols: ['depth', 'height', 'south_report'] },
            conflict('depth', 'conflict.function', 'libnorth.so', 'libsouth.so'),
          ],
          observes: { stdout: ['north: -100 to 100', 'south: -7 to 7', 'program: -100'] },
        },
        {
          name: 'preloaded',
          command: ['./app'],
          environment: preloaded,
          predicts: [conflict('depth', 'conflict.function', 'libshim.so', 'libnorth.so', 'libsouth.so')],
          observes: { stdout: ['north: -100 to 100', 'south: -7 to 7', 'program: -9999'] },
        },
      ],
    },
  ],
};
