import type { Command, Lab, Prediction } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const SONAME = '-Wl,-soname,libriver.so.1';

const oldRelease = library('libriver.so.1', 'river.c', SONAME, '-Wl,--version-script=river-1.map');
const newRelease = library(
  'libriver.so.1',
  'river.c',
  SONAME,
  '-DWITH_SOURCE',
  '-Wl,--version-script=river-2.map',
);
const app: Command = program('app', 'app.c', '-Wl,-z,lazy', '-l:libriver.so.1');
const modest: Command = program('modest', 'modest.c', '-l:libriver.so.1');

const noInformation: Prediction = {
  kind: 'load',
  finding: 'load.no-version-information',
  severity: 'warning',
  message: 'libriver.so.1: no version information available (required by app)',
  when: 'start',
};

export const lab: Lab = {
  title: 'An older library without the version that a program needs: the loader refuses to start it',
  source: { text: ADVANCED_FEATURES, section: 'Symbol Versioning' },
  symbols: ['river_length', 'river_source'],
  variants: [
    {
      name: 'new-library',
      build: [newRelease, app],
      runs: [
        {
          command: ['./app', 'source'],
          predicts: [
            {
              kind: 'exports',
              object: 'libriver.so.1',
              symbols: ['river_length@@RIVER_1', 'river_source@@RIVER_2'],
            },
          ],
          observes: { stdout: ['length 1230', 'source 678'] },
        },
      ],
    },
    {
      name: 'old-library',
      build: [newRelease, app, modest, oldRelease],
      runs: [
        {
          name: 'app',
          command: ['./app'],
          predicts: [
            {
              kind: 'load',
              finding: 'load.missing-version',
              severity: 'error',
              message: "libriver.so.1: version `RIVER_2' not found (required by app)",
              when: 'start',
            },
            {
              kind: 'load',
              finding: 'load.undefined-symbol',
              severity: 'error',
              message: 'symbol lookup error: app: undefined symbol: river_source, version RIVER_2',
              when: 'call',
              unsaid: true,
            },
          ],
          observes: { stdout: [], ends: { kind: 'status', status: 1 } },
        },
        {
          name: 'modest',
          command: ['./modest'],
          predicts: [],
          observes: { stdout: ['length 1230'] },
        },
      ],
    },
    {
      name: 'library-without-versions',
      build: [newRelease, app, library('libriver.so.1', 'river.c', '-DWITH_SOURCE', SONAME)],
      runs: [
        {
          command: ['./app', 'source'],
          predicts: [noInformation],
          observes: { stdout: ['length 1230', 'source 678'] },
        },
      ],
    },
    {
      name: 'library-without-a-version-table',
      symbols: [],
      build: [newRelease, app, library('libriver.so.1', 'bare.c', '-nostdlib', SONAME)],
      runs: [
        {
          command: ['./app'],
          predicts: [
            noInformation,
            {
              kind: 'load',
              finding: 'load.no-version-information',
              severity: 'error',
              message:
                'Inconsistency detected by ld.so: dl-lookup.c: check_match: Assertion ' +
                "`version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!",
              when: 'call',
            },
          ],
          observes: { stdout: [], ends: { kind: 'status', status: 127 } },
        },
      ],
    },
  ],
};
