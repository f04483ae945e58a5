import type { Command, Lab } from '../../../src/model/lab.ts';
import { fileOf, release } from '../../releases.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const first = { directory: 'old', name: 'band', version: '1.0.0' } as const;
const minor = { directory: 'new', name: 'band', version: '1.1.0' } as const;
const patch = { directory: 'new', name: 'band', version: '1.0.1' } as const;
const major = { directory: 'new', name: 'band', version: '2.0.0' } as const;

/** Refers to the variable by a fixed address, so that the program has a copy of it. */
const app: Command = program('app', '-fno-pie', '-no-pie', 'app.c', '-Lold', '-l:libband.so.1');
const before = ['10 to 90, width 80'];

export const lab: Lab = {
  title: 'A name with a new meaning is refused, whatever the version number',
  source: { text: SO_COMPATIBILITY, section: '3.2, 4.2' },
  symbols: ['band'],
  variants: [
    {
      name: 'under-the-old-soname',
      build: [...release(first, 'band-1.c'), ...release(minor, 'band-2.c'), app],
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
              old: fileOf(first),
              new: fileOf(minor),
              verdict: 'forbidden',
              bump: 'major',
              version: 'too-low',
              soname: 'must-change',
              before,
            },
          ],
          observes: {
            stdout: ['3 to 10, width 80'],
            stderr: "Symbol `band' has different size in shared object, consider re-linking",
          },
        },
      ],
    },
    {
      name: 'as-a-new-major-version',
      build: [
        ...release(first, 'band-1.c'),
        ...release(major, 'band-2.c'),
        library('libearly.so', 'early.c', '-Lold', '-l:libband.so.1'),
        library('liblate.so', 'late.c', '-Lnew', '-l:libband.so.2'),
        program('both', 'both.c', '-learly', '-llate', '-Wl,-rpath-link,old', '-Wl,-rpath-link,new'),
      ],
      runs: [
        {
          command: ['./both'],
          environment: { LD_LIBRARY_PATH: 'old:new' },
          predicts: [
            {
              kind: 'diff',
              old: fileOf(first),
              new: fileOf(major),
              verdict: 'forbidden',
              bump: 'major',
              version: 'right',
              soname: 'changed-as-it-must',
              before: ['early: 10 to 90', 'late: step 3 from 10'],
            },
            {
              kind: 'conflict',
              symbol: 'band',
              finding: 'conflict.variable',
              severity: 'error',
              winner: 'old/libband.so.1',
              losers: ['new/libband.so.2'],
            },
          ],
          observes: { stdout: ['early: 10 to 90', 'late: step 10 from 90'] },
        },
      ],
    },
    {
      name: 'not-to-be-seen',
      build: [...release(first, 'band-1.c'), ...release(patch, 'band-1.c', '-DIN_TENTHS'), app],
      runs: [
        {
          command: ['./app'],
          environment: { LD_LIBRARY_PATH: 'new' },
          predicts: [
            {
              kind: 'diff',
              old: fileOf(first),
              new: fileOf(patch),
              verdict: 'identical',
              bump: 'patch',
              version: 'right',
              soname: 'right',
              before,
              unseen: true,
            },
          ],
          observes: { stdout: ['10 to 90, width 800'] },
        },
      ],
    },
  ],
};
