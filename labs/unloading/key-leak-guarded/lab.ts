import type { BuildStep, Lab, LabRun } from '../../../src/model/lab.ts';
import { library } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, pluginSource, told, untraced, withStaticLibcxx } from '../../unloading.ts';

/** The functions that make and delete keys, led to the guard. */
const WRAPPED = ['pthread_key_create', 'pthread_key_delete', 'tss_create', 'tss_delete'];

const guard: readonly BuildStep[] = [
  { copies: 'native/guard/guard.c' },
  ['cc', '-c', '-fPIC', '-o', 'guard.o', 'guard.c'],
];

const survives = (plugin: string): LabRun => ({
  command: untraced('./checker', `./${plugin}`, '600'),
  predicts: [
    {
      kind: 'unload',
      plugin,
      verdict: 'unloads',
      finds: [],
      keysPerRound: { min: 0, max: 0 },
      exhaustedAtRound: null,
    },
  ],
  observes: { stdout: [...told([0, 0], true), 'survived 600 rounds'] },
});

const wraps = WRAPPED.map((name) => `-Wl,--wrap=${name}`);

export const lab: Lab = {
  title: 'Plan B: key creation wrapped at link time, and keys deleted by a destructor of the plugin',
  source: { text: KEY_LEAK, section: '方案B' },
  symbols: ['plugin_use'],
  variants: [
    {
      name: 'libcxx',
      needs: 'libc++',
      build: [
        ...checker,
        pluginSource,
        ...guard,
        withStaticLibcxx('libplugin.so', 'plugin.cpp', 'guard.o', ...wraps),
      ],
      runs: [survives('libplugin.so')],
    },
    {
      name: 'c',
      build: [
        ...checker,
        ...guard,
        library('libguarded.so', 'keys.c', 'guard.o', '-pthread', ...wraps),
        library('libbare.so', 'keys.c', '-pthread'),
      ],
      runs: [
        { name: 'guarded', ...survives('libguarded.so') },
        {
          name: 'without a guard',
          command: untraced('./checker', './libbare.so', '600'),
          predicts: [
            {
              kind: 'unload',
              plugin: 'libbare.so',
              verdict: 'unloads',
              finds: [
                {
                  finding: 'unload.thread-key',
                  severity: 'error',
                  message: 'libbare.so: leaves a thread key behind whenever it is loaded',
                  because: 'it imports nothing that would undo it: pthread_key_delete',
                  seen: 'keys lost in round 2: 2',
                },
                {
                  finding: 'unload.thread-key',
                  severity: 'warning',
                  message: 'libbare.so: leaves a thread key behind when it is used',
                  seen: 'died in round 513: SIGABRT',
                },
              ],
              keysPerRound: { min: 1, max: 2 },
              exhaustedAtRound: 513,
            },
          ],
          observes: { stdout: [...told([2, 2], true), 'died in round 513: SIGABRT'] },
        },
      ],
    },
  ],
};
