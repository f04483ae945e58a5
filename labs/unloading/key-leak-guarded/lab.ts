import type { BuildStep, Lab, LabRun } from '../../../src/model/lab.ts';
import { KEY_LEAK } from '../../texts.ts';
import { checker, pluginSource, told, untraced, withStaticLibcxx } from '../../unloading.ts';

const PLUGIN = './libplugin.so';
/** The functions that make and delete keys, led to the guard. */
const WRAPPED = ['pthread_key_create', 'pthread_key_delete', 'tss_create', 'tss_delete'];

const guard: readonly BuildStep[] = [
  { copies: 'native/guard/guard.c' },
  ['cc', '-c', '-fPIC', '-o', 'guard.o', 'guard.c'],
];

const survives: Pick<LabRun, 'predicts' | 'observes'> = {
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
  observes: { stdout: [...told([0, 0], true), 'survived 1100 rounds'] },
};

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
      runs: [{ command: untraced('./checker', PLUGIN, '1100'), ...survives }],
    },
    {
      name: 'c',
      build: [
        ...checker,
        ...guard,
        ['cc', '-shared', '-fPIC', '-o', 'libplugin.so', 'keys.c', 'guard.o', '-pthread', ...wraps],
      ],
      runs: [{ command: untraced('./checker', PLUGIN, '1100'), ...survives }],
    },
    {
      name: 'c-unguarded',
      build: [...checker, ['cc', '-shared', '-fPIC', '-o', 'libplugin.so', 'keys.c', '-pthread']],
      runs: [
        {
          command: untraced('./checker', PLUGIN, '1100'),
          predicts: [
            {
              kind: 'unload',
              plugin: 'libplugin.so',
              verdict: 'unloads',
              finds: [
                {
                  finding: 'unload.thread-key',
                  severity: 'error',
                  message: 'libplugin.so: leaves a thread key behind whenever it is loaded',
                  because: 'it imports nothing that would undo it: pthread_key_delete',
                  seen: 'keys lost in round 2: 2',
                },
                {
                  finding: 'unload.thread-key',
                  severity: 'warning',
                  message: 'libplugin.so: leaves a thread key behind when it is used',
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
