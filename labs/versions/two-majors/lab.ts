import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const rate = (major: 1 | 2, ...options: string[]): Command =>
  library(`librate.so.${major}`, `rate-${major}.c`, `-Wl,-soname,librate.so.${major}`, ...options);

const users: Command[] = [
  library('libshop.so', 'shop.c', '-l:librate.so.1'),
  library('libbank.so', 'bank.c', '-l:librate.so.2'),
  program('app', 'app.c', '-lshop', '-lbank'),
];

const order: Prediction = {
  kind: 'lookup-order',
  objects: ['app', 'libshop.so', 'libbank.so', 'librate.so.1', 'librate.so.2'],
};

export const lab: Lab = {
  title: 'Two major versions of one library collide in one process, unless their symbols have versions',
  source: { text: SO_COMPATIBILITY, section: '3.2, 4.3' },
  symbols: ['rate'],
  variants: [
    {
      name: 'as-written',
      build: [rate(1), rate(2), ...users],
      runs: [
        {
          command: ['./app'],
          predicts: [
            order,
            {
              kind: 'conflict',
              symbol: 'rate',
              finding: 'conflict.function',
              severity: 'warning',
              winner: 'librate.so.1',
              losers: ['librate.so.2'],
            },
          ],
          observes: { stdout: ['shop: 19 per cent', 'bank: 19 per mille'] },
        },
      ],
    },
    {
      name: 'mended-by-symbol-versions',
      build: [
        rate(1, '-Wl,--version-script=rate-1.map'),
        rate(2, '-Wl,--version-script=rate-2.map'),
        ...users,
      ],
      runs: [
        {
          command: ['./app'],
          predicts: [
            order,
            { kind: 'exports', object: 'librate.so.1', symbols: ['rate@@RATE_1'] },
            { kind: 'exports', object: 'librate.so.2', symbols: ['rate@@RATE_2'] },
          ],
          observes: { stdout: ['shop: 19 per cent', 'bank: 190 per mille'] },
        },
      ],
    },
  ],
};
