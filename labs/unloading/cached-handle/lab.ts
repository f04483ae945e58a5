import type { Lab, LabVariant } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, pluginSource, told, untraced, withStaticLibcxx } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const use = lookUp(PLUGIN, 'plugin_use');

const cached = ({ build, ...rest }: Pick<LabVariant, 'name' | 'needs' | 'build'>): LabVariant => ({
  ...rest,
  build: [...checker, ...build],
  runs: [
    {
      name: 'opened once',
      command: ['./checker', PLUGIN, 'keep'],
      calls: [open(PLUGIN, { now: true }), use, use],
      predicts: [{ kind: 'calls', results: ['libplugin.so', 'libplugin.so', 'libplugin.so'] }],
      observes: { stdout: told([2, 0], false) },
    },
    {
      name: 'opened once, for 1100 rounds',
      command: untraced('./checker', PLUGIN, '1100', 'keep'),
      predicts: [],
      observes: { stdout: [...told([2, 0], false), 'survived 1100 rounds'] },
    },
    {
      name: 'opened each time, for 1100 rounds',
      command: untraced('./checker', PLUGIN, '1100'),
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
              seen: 'died in round 513: SIGABRT',
            },
          ],
          keysPerRound: { min: 0, max: 2 },
          exhaustedAtRound: 513,
        },
      ],
      observes: { stdout: [...told([2, 2], true), 'died in round 513: SIGABRT'] },
    },
  ],
});

export const lab: Lab = {
  title: 'Plan C: a host that opens the plugin once and keeps it loses its keys once',
  source: { text: KEY_LEAK, section: '方案C' },
  symbols: ['plugin_use'],
  variants: [
    cached({
      name: 'libcxx',
      needs: 'libc++',
      build: [pluginSource, withStaticLibcxx('libplugin.so', 'plugin.cpp')],
    }),
    cached({
      name: 'c',
      build: [['cc', '-shared', '-fPIC', '-o', 'libplugin.so', 'keys.c', '-pthread']],
    }),
  ],
};
