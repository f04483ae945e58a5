import type { Command, Lab } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';

const [FIRST, SECOND] = ['./libfirst.so', './libsecond.so'];
const WRAPPER = '__wrap_pthread_key_create';

const plugin = (name: string, ...options: string[]): Command =>
  library(
    `lib${name}.so`,
    ...['plugin.c', 'wrapper.c', '-pthread', `-DNAME=${name}`, `-DPLUGIN="${name}"`],
    ...['-Wl,--wrap=pthread_key_create', ...options],
  );

const calls = [
  open(FIRST, { now: true, global: true }),
  lookUp(FIRST, 'first_use'),
  open(SECOND, { now: true }),
  lookUp(SECOND, 'second_use'),
  close(FIRST),
  close(SECOND),
];

const opened = ['libfirst.so', 'libfirst.so', 'libsecond.so', 'libsecond.so'];

export const lab: Lab = {
  title: 'A guard that is exported by two plugins: one keeps the keys of both, and cannot go',
  source: { text: KEY_LEAK, section: '方案B' },
  symbols: [WRAPPER, 'first_use', 'second_use'],
  variants: [
    {
      name: 'linked',
      build: [plugin('first'), plugin('second'), program('app', 'app.c', '-lfirst', '-lsecond')],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'conflict',
              symbol: WRAPPER,
              finding: 'conflict.function',
              severity: 'warning',
              winner: 'libfirst.so',
              losers: ['libsecond.so'],
            },
          ],
          observes: { stdout: ['first deletes 2 keys', 'second deletes 0 keys'] },
        },
      ],
    },
    {
      name: 'opened',
      build: [plugin('first'), plugin('second'), program('app', 'opener.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls,
          predicts: [
            {
              kind: 'calls',
              results: [
                ...opened,
                `unloads nothing; keeps libfirst.so: ./libsecond.so is bound to its ${WRAPPER}`,
                'unloads libsecond.so libfirst.so',
              ],
            },
          ],
          observes: {
            stdout: [
              'the first is closed',
              'second deletes 0 keys',
              'first deletes 2 keys',
              'the second is closed',
            ],
          },
        },
      ],
    },
    {
      name: 'hidden',
      build: [plugin('first', '-DHIDDEN'), plugin('second', '-DHIDDEN'), program('app', 'opener.c', '-ldl')],
      runs: [
        {
          command: ['./app'],
          calls,
          predicts: [
            { kind: 'calls', results: [...opened, 'unloads libfirst.so', 'unloads libsecond.so'] },
            { kind: 'exports', object: 'libfirst.so', symbols: ['first_use'] },
          ],
          observes: {
            stdout: [
              'first deletes 1 keys',
              'the first is closed',
              'second deletes 1 keys',
              'the second is closed',
            ],
          },
        },
      ],
    },
  ],
};
