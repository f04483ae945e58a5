import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const SONAME = '-Wl,-soname,libdepth.so.1';

const unversioned = library('libdepth.so.1', 'depth-1.c', SONAME);
const first = library('libdepth.so.1', 'depth-1.c', SONAME, '-Wl,--version-script=depth-1.map');
const second = library('libdepth.so.1', 'depth-2.c', SONAME, '-Wl,--version-script=depth-2.map');

const linked = (name: string): Command => program(name, 'app.c', '-l:libdepth.so.1');

const both: Prediction = {
  kind: 'exports',
  object: 'libdepth.so.1',
  symbols: ['depth@@DEPTH_2', 'depth@DEPTH_1', 'depth_unit@@DEPTH_2'],
};

export const lab: Lab = {
  title: 'One library, two versions of one function: old and new programs each get their own',
  source: { text: ADVANCED_FEATURES, section: 'Symbol Versioning' },
  symbols: ['depth'],
  variants: [
    {
      name: 'first-release',
      build: [first, linked('app')],
      runs: [
        {
          command: ['./app'],
          predicts: [{ kind: 'exports', object: 'libdepth.so.1', symbols: ['depth@@DEPTH_1'] }],
          observes: { stdout: ['depth 10'] },
        },
      ],
    },
    {
      name: 'second-release',
      build: [unversioned, linked('ancient'), first, linked('old'), second, linked('new')],
      runs: [
        { name: 'new', command: ['./new'], predicts: [both], observes: { stdout: ['depth 18'] } },
        { name: 'old', command: ['./old'], predicts: [both], observes: { stdout: ['depth 10'] } },
        { name: 'ancient', command: ['./ancient'], predicts: [both], observes: { stdout: ['depth 10'] } },
      ],
    },
  ],
};
