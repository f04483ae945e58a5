import type { Lab, LabRun } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const round = [open(PLUGIN, { now: true }), lookUp(PLUGIN, 'plugin_use'), close(PLUGIN)];
const marked = 'it is marked NODELETE (DF_1_NODELETE)';

const run = (
  results: readonly string[],
  [first, second]: readonly [number, number],
  predicts: LabRun['predicts'][number],
): LabRun => ({
  command: ['./checker', PLUGIN],
  calls: [...round, ...round],
  predicts: [{ kind: 'calls', results }, predicts],
  observes: {
    stdout: [
      ...[`used ${first} times`, 'keys lost in round 1: 0'],
      ...[`used ${second} times`, 'keys lost in round 2: 0'],
      `unloaded: ${second === 1 ? 'yes' : 'no'}`,
    ],
  },
});

export const lab: Lab = {
  title: 'A library that was linked to stay stays, whatever dlclose returns',
  source: { text: KEY_LEAK, section: '方案C' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'nodelete',
      build: [...checker, library('libplugin.so', 'plugin.c', '-Wl,-z,nodelete')],
      runs: [
        run(
          [
            'libplugin.so',
            'libplugin.so',
            `unloads nothing; keeps libplugin.so: ${marked}`,
            'libplugin.so, open 2 times',
            'libplugin.so',
            `unloads nothing; keeps libplugin.so: ${marked}`,
          ],
          [1, 2],
          {
            kind: 'unload',
            plugin: 'libplugin.so',
            verdict: 'pinned',
            finds: [
              {
                finding: 'unload.pinned-nodelete',
                severity: 'note',
                message: 'libplugin.so: was linked to stay (DF_1_NODELETE)',
                seen: 'used 2 times',
              },
            ],
          },
        ),
      ],
    },
    {
      name: 'as-usual',
      build: [...checker, library('libplugin.so', 'plugin.c')],
      runs: [
        run(
          [
            ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so'],
            ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so'],
          ],
          [1, 1],
          { kind: 'unload', plugin: 'libplugin.so', verdict: 'unloads', finds: [] },
        ),
      ],
    },
  ],
};
