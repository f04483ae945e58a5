import type { Lab, LabRun } from '../../../src/model/lab.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, pluginSource, told, untraced } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const SHARED = ['-shared', '-fPIC', '-o', 'libplugin.so', 'plugin.cpp', '-pthread', '-Wl,--as-needed'];

const run = (lost: number): LabRun => ({
  command: untraced('./checker', PLUGIN, '600'),
  predicts: [
    {
      kind: 'unload',
      plugin: 'libplugin.so',
      verdict: 'unloads',
      finds: [],
      keysPerRound: { min: 0, max: 0 },
      exhaustedAtRound: null,
    },
  ],
  observes: { stdout: [...told([lost, 0], true), 'survived 600 rounds'] },
});

export const lab: Lab = {
  title: 'The same plugin against the shared runtime loses keys once: the runtime stays',
  source: { text: KEY_LEAK, section: '验证修复' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'libcxx',
      needs: 'libc++',
      build: [...checker, pluginSource, ['clang++', ...SHARED, '-stdlib=libc++']],
      runs: [run(2)],
    },
    {
      name: 'libstdcxx',
      build: [...checker, pluginSource, ['c++', ...SHARED]],
      runs: [run(0)],
    },
  ],
};
