import type { Lab, LabRun, LabVariant } from '../../../src/model/lab.ts';
import { lookUp, open } from '../../calls.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, plainPlugin, pluginSource, told, untraced, withStaticLibcxx } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const use = lookUp(PLUGIN, 'plugin_use');

/** The plugin is opened once: its keys are made in the first round. */
const kept: LabVariant['runs'] = [
  {
    name: 'opened once',
    command: ['./checker', PLUGIN, 'keep'],
    calls: [open(PLUGIN, { now: true }), use, use],
    predicts: [{ kind: 'calls', results: ['libplugin.so', 'libplugin.so', 'libplugin.so'] }],
    observes: { stdout: told([2, 0], false) },
  },
  {
    name: 'opened once, for 600 rounds',
    command: untraced('./checker', PLUGIN, '600', 'keep'),
    predicts: [],
    observes: { stdout: [...told([2, 0], false), 'survived 600 rounds'] },
  },
];

const reopened: LabRun = {
  name: 'opened each time, for 600 rounds',
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
          seen: 'died in round 513: SIGABRT',
        },
      ],
      keysPerRound: { min: 0, max: 2 },
      exhaustedAtRound: 513,
    },
  ],
  observes: { stdout: [...told([2, 2], true), 'died in round 513: SIGABRT'] },
};

export const lab: Lab = {
  title: 'Plan C: a host that opens the plugin once and keeps it loses its keys once',
  source: { text: KEY_LEAK, section: '方案C' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'libcxx',
      needs: 'libc++',
      build: [...checker, pluginSource, withStaticLibcxx('libplugin.so', 'plugin.cpp')],
      runs: kept,
    },
    { name: 'c', build: [...checker, ...plainPlugin()], runs: [...kept, reopened] },
  ],
};
