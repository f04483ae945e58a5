import type { Command, Lab } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { SO_COMPATIBILITY } from '../../texts.ts';

const voice = (...options: string[]): Command => library('libvoice.so', 'voice.c', ...options);
const soname = '-Wl,-soname,libspeech.so.7';
const app = program('app', 'app.c', '-lvoice');

export const lab: Lab = {
  title: 'A program is linked with one name and looks for another: the soname',
  source: { text: SO_COMPATIBILITY, section: '1.2' },
  symbols: ['speak'],
  variants: [
    {
      name: 'without-a-soname',
      build: [voice(), app],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'lookup-order', objects: ['app', 'libvoice.so'] }],
          observes: { stdout: ['hello'] },
        },
      ],
    },
    {
      name: 'no-file-of-that-name',
      build: [voice(soname), app],
      runs: [
        {
          command: ['./app'],
          predicts: [
            {
              kind: 'load',
              finding: 'load.not-found',
              severity: 'error',
              message:
                'error while loading shared libraries: libspeech.so.7: ' +
                'cannot open shared object file: No such file or directory',
              when: 'start',
            },
          ],
          observes: { stdout: [], ends: { kind: 'status', status: 127 } },
        },
      ],
    },
    {
      name: 'mended-by-a-link',
      build: [voice(soname), app, ['ln', '-s', '-f', 'libvoice.so', 'libspeech.so.7']],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'lookup-order', objects: ['app', 'libspeech.so.7'] }],
          observes: { stdout: ['hello'] },
        },
      ],
    },
    {
      name: 'another-file-of-that-name',
      build: [voice(soname), app, library('libspeech.so.7', 'speech.c', '-Wl,-soname,libspeech.so.7')],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'lookup-order', objects: ['app', 'libspeech.so.7'] }],
          observes: { stdout: ['good day'] },
        },
      ],
    },
  ],
};
