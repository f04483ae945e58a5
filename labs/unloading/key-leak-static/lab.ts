import type { Lab } from '../../../src/model/lab.ts';
import { close, lookUp, open } from '../../calls.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, pluginSource, told, untraced, withStaticLibcxx } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const round = [open(PLUGIN, { now: true }), lookUp(PLUGIN, 'plugin_use'), close(PLUGIN)];

export const lab: Lab = {
  title: 'A plugin with a C++ runtime inside loses thread keys each round, until the process dies',
  source: { text: KEY_LEAK, section: '复现泄漏' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'libcxx',
      needs: 'libc++',
      build: [...checker, pluginSource, withStaticLibcxx('libplugin.so', 'plugin.cpp')],
      runs: [
        {
          name: 'two rounds',
          command: ['./checker', PLUGIN],
          calls: [...round, ...round],
          predicts: [
            {
              kind: 'calls',
              results: [
                ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so libgcc_s.so.1'],
                ...['libplugin.so', 'libplugin.so', 'unloads libplugin.so libgcc_s.so.1'],
              ],
            },
          ],
          observes: { stdout: told([2, 2], true) },
        },
        {
          name: '600 rounds',
          command: untraced('./checker', PLUGIN, '600'),
          predicts: [
            {
              kind: 'unload',
              plugin: 'libplugin.so',
              verdict: 'unloads',
              finds: [
                {
                  finding: 'unload.thread-key',
                  severity: 'warning',
                  message: 'libplugin.so: leaves 2 thread keys behind when it is used',
                  because: 'libc++abi linked in',
                  seen: 'keys lost in round 2: 2',
                },
              ],
              keysPerRound: { min: 0, max: 2 },
              exhaustedAtRound: 513,
            },
          ],
          observes: {
            stdout: [...told([2, 2], true), 'died in round 513: SIGABRT'],
            stderr: 'cannot create thread specific key',
          },
        },
      ],
    },
  ],
};
