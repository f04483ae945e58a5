import type { Command, Lab } from '../../../src/model/lab.ts';
import { fileOf, release } from '../../releases.ts';
import { program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const old = { directory: 'old', name: 'sum', version: '1.0.0' } as const;
const renumbered = { directory: 'new', name: 'sum', version: '1.1.0' } as const;
const major = { directory: 'new', name: 'sum', version: '2.0.0' } as const;

const app: Command = program('app', '-Wl,-z,lazy', 'app.c', '-Lold', '-l:libsum.so.1');
const before = ['add 5', 'double 8'];

export const lab: Lab = {
  title: 'A release that takes a function away needs a new major number, and the old one stays',
  source: { text: SO_COMPATIBILITY, section: '3.2, 4.2' },
  symbols: ['sum_add', 'sum_double'],
  variants: [
    {
      name: 'under-the-old-soname',
      build: [...release(old, 'sum.c'), ...release(renumbered, 'sum.c', '-DREMOVED'), app],
      runs: [
        {
          name: 'old',
          command: ['./app'],
          environment: { LD_LIBRARY_PATH: 'old' },
          predicts: [],
          observes: { stdout: before },
        },
        {
          name: 'new',
          command: ['./app'],
          environment: { LD_LIBRARY_PATH: 'new' },
          predicts: [
            {
              kind: 'diff',
              old: fileOf(old),
              new: fileOf(renumbered),
              verdict: 'incompatible',
              bump: 'major',
              version: 'too-low',
              soname: 'must-change',
              before,
            },
            {
              kind: 'load',
              finding: 'load.undefined-symbol',
              severity: 'error',
              message: 'symbol lookup error: app: undefined symbol: sum_double',
              when: 'call',
            },
          ],
          observes: { stdout: ['add 5'], ends: { kind: 'status', status: 127 } },
        },
      ],
    },
    {
      name: 'as-a-new-major-version',
      build: [
        ...release(old, 'sum.c'),
        ...release(major, 'sum.c', '-DREMOVED'),
        app,
        ...release({ ...old, directory: 'new' }, 'sum.c'),
      ],
      runs: [
        {
          command: ['./app'],
          environment: { LD_LIBRARY_PATH: 'new' },
          predicts: [
            { kind: 'lookup-order', objects: ['app', 'new/libsum.so.1'] },
            {
              kind: 'diff',
              old: fileOf(old),
              new: fileOf(major),
              verdict: 'incompatible',
              bump: 'major',
              version: 'right',
              soname: 'changed-as-it-must',
              before,
            },
          ],
          observes: { stdout: before },
        },
      ],
    },
  ],
};
