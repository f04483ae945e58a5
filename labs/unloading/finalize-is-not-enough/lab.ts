import type { BuildStep, Lab, LabRun } from '../../../src/model/lab.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, plainPlugin, pluginSource, untraced, withStaticLibcxx } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
const handled = 'an exit handler runs';
/** What each round prints before its keys are counted. */
const stdout = [
  ...[handled, 'finalized', 'keys lost in round 1: 2'],
  ...[handled, 'finalized', 'keys lost in round 2: 2'],
  'unloaded: yes',
];

const dies: LabRun = {
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
          because: 'it imports nothing that would undo it: pthread_key_delete',
          seen: 'died in round 513: SIGABRT',
        },
      ],
      keysPerRound: { min: 0, max: 2 },
      exhaustedAtRound: 513,
    },
  ],
  observes: { stdout: [...stdout, 'died in round 513: SIGABRT'] },
};

const finalize: BuildStep = ['cc', '-c', '-fPIC', '-o', 'finalize.o', 'finalize.c'];

export const lab: Lab = {
  title: 'Plan A: __cxa_finalize in a destructor runs the exit handlers, which delete no key',
  source: { text: KEY_LEAK, section: '方案A' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'libcxx',
      needs: 'libc++',
      build: [
        ...checker,
        pluginSource,
        finalize,
        withStaticLibcxx('libplugin.so', 'plugin.cpp', 'finalize.o'),
      ],
      runs: [dies],
    },
    {
      name: 'c',
      build: [...checker, finalize, ...plainPlugin('finalize.o')],
      runs: [dies],
    },
  ],
};
