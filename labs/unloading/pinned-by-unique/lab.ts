import type { Lab, LabVariant } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { library } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const round = [open(PLUGIN, { now: true }), lookUp(PLUGIN, 'plugin_use'), close(PLUGIN)];
const unique = 'it provides the unique symbol plugin_rounds';

const unloads = (name: string, ...options: string[]): LabVariant => ({
  name,
  build: [...checker, library('libplugin.so', 'plugin.c', ...options)],
  runs: [
    {
      command: ['./checker', PLUGIN],
      calls: [...round, ...round],
      predicts: [
        {
          kind: 'calls',
          results: [
            ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so'],
            ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so'],
          ],
        },
        { kind: 'unload', plugin: 'libplugin.so', verdict: 'unloads', finds: [] },
      ],
      observes: {
        stdout: [
          ...['used 1 times', 'keys lost in round 1: 0', 'used 1 times', 'keys lost in round 2: 0'],
          'unloaded: yes',
        ],
      },
    },
  ],
});

export const lab: Lab = {
  title: 'A library whose unique symbol is in use stays, whatever dlclose returns',
  source: { text: KEY_LEAK, section: '方案B' },
  symbols: ['plugin_use', 'plugin_rounds'],
  variants: [
    {
      name: 'unique',
      build: [...checker, library('libplugin.so', 'plugin.c', '-DUNIQUE')],
      runs: [
        {
          command: ['./checker', PLUGIN],
          calls: [...round, ...round],
          predicts: [
            {
              kind: 'calls',
              results: [
                'libplugin.so',
                'libplugin.so',
                `unloads nothing; keeps libplugin.so: ${unique}`,
                'libplugin.so, open 2 times',
                'libplugin.so',
                `unloads nothing; keeps libplugin.so: ${unique}`,
              ],
            },
            {
              kind: 'loader-events',
              events: ['init libplugin.so', 'fini checker', 'fini libplugin.so'],
            },
            {
              kind: 'unload',
              plugin: 'libplugin.so',
              verdict: 'pinned',
              finds: [
                {
                  finding: 'unload.pinned-unique',
                  severity: 'warning',
                  message: 'libplugin.so: plugin_rounds is unique in the process and keeps the library',
                  seen: 'used 2 times',
                },
              ],
            },
          ],
          observes: {
            stdout: [
              ...['used 1 times', 'keys lost in round 1: 0', 'used 2 times', 'keys lost in round 2: 0'],
              'unloaded: no',
            ],
          },
        },
      ],
    },
    unloads('hidden', '-DUNIQUE', '-DHIDDEN'),
    unloads('global'),
  ],
};
