import type { Command, Lab, LabRun, Prediction, TakenSymbol } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { ADVANCED_FEATURES } from '../../texts.ts';

const compiled: Command = ['cc', '-c', '-fPIC', '-o', 'lake.o', 'lake.c'];

const lake = (map: string): Command => library('liblake.so', 'lake.o', `-Wl,--version-script=${map}`);

const app = program('app', '-Wl,-z,lazy', 'app.c', '-llake');

const takes = (script: string, symbols: Readonly<Record<string, TakenSymbol>>): Prediction => ({
  kind: 'script',
  script,
  objects: ['lake.o'],
  library: 'liblake.so',
  takes: { clamp: { as: null, by: '*' }, ...symbols },
});

const asWritten: Readonly<Record<string, TakenSymbol>> = {
  lake_area: { as: 'lake_area@@LAKE_1', by: 'lake_area' },
  lake_depth_mean: { as: 'lake_depth_mean@@LAKE_2', by: 'lake_depth_m*' },
  lake_depth_max: { as: 'lake_depth_max@@LAKE_3', by: 'lake_depth_max' },
  lake_volume: { as: 'lake_volume@@LAKE_2', by: 'lake_volume' },
  lake_shore: { as: 'lake_shore@@LAKE_3', by: 'lake_shore' },
};

const runs = (...predicts: Prediction[]): [LabRun] => [
  { command: ['./app'], predicts, observes: { stdout: ['536 251 273'] } },
];

export const lab: Lab = {
  title: 'Version nodes in a chain: what takes which symbol, and what the chain itself does not do',
  source: { text: ADVANCED_FEATURES, section: 'Symbol Versioning' },
  symbols: ['lake_area', 'lake_depth_max', 'lake_shore'],
  variants: [
    {
      name: 'chained',
      build: [compiled, lake('chained.map'), app],
      runs: runs(takes('chained.map', asWritten)),
    },
    {
      name: 'unchained',
      build: [compiled, lake('unchained.map'), app],
      runs: runs(takes('unchained.map', asWritten)),
    },
    {
      name: 'greedy-wildcard',
      build: [
        compiled,
        lake('chained.map'),
        program('old', '-Wl,-z,now', 'old.c', '-llake'),
        lake('greedy.map'),
        app,
      ],
      runs: [
        ...runs(
          takes('greedy.map', {
            ...asWritten,
            lake_depth_mean: { as: 'lake_depth_mean@@LAKE_3', by: 'lake_*' },
            lake_depth_max: { as: 'lake_depth_max@@LAKE_3', by: 'lake_*' },
            lake_shore: { as: 'lake_shore@@LAKE_3', by: 'lake_*' },
          }),
        ),
        {
          name: 'old',
          command: ['./old'],
          predicts: [
            {
              kind: 'load',
              finding: 'load.undefined-symbol',
              severity: 'error',
              message: 'symbol lookup error: old: undefined symbol: lake_depth_mean, version LAKE_2',
              when: 'start',
            },
          ],
          observes: { stdout: [], ends: { kind: 'status', status: 127 } },
        },
      ],
    },
  ],
};
