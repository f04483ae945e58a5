import type { Lab, LabVariant, UnloadStatement } from '../../../src/model/lab.ts';
import { cxxLibrary, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { untraced } from '../../unloading.ts';

const pinned = (message: string, seen: string): UnloadStatement => ({
  finding: 'unload.pinned-thread-local',
  severity: 'warning',
  message: `libplugin.so: ${message}`,
  seen,
});

const inUse = 'a thread-local object is made when it is used, and keeps it until that thread ends';
const atStart =
  'a thread-local object is made when it is loaded, and keeps it until the thread ends that loaded it';
const closed = "the thread's log is closed";

const variant = (
  name: string,
  { message, verdict, uses }: { message: string; verdict: 'unknown' | 'pinned'; uses: readonly string[] },
  ...options: string[]
): LabVariant => ({
  name,
  build: [cxxLibrary('libplugin.so', 'plugin.cpp', ...options), program('app', 'app.c', '-ldl', '-pthread')],
  runs: [
    {
      name: 'in the main thread',
      command: untraced('./app'),
      predicts: [
        {
          kind: 'unload',
          plugin: 'libplugin.so',
          verdict,
          finds: [pinned(message, 'unloaded: no')],
        },
      ],
      observes: { stdout: [...uses, 'dlclose returns 0', 'unloaded: no', closed] },
    },
    ...(verdict === 'pinned'
      ? []
      : [
          {
            name: 'in a thread that has ended',
            command: untraced('./app', 'thread'),
            predicts: [
              {
                kind: 'unload' as const,
                plugin: 'libplugin.so',
                verdict,
                finds: [pinned(message, closed)],
              },
            ],
            observes: { stdout: [...uses, closed, 'dlclose returns 0', 'unloaded: yes'] },
          },
        ]),
  ],
});

export const lab: Lab = {
  title: 'A library stays as long as a thread has to run a destructor of it',
  source: { text: KEY_LEAK, section: '方案A' },
  symbols: [],
  variants: [
    variant('in-use', { message: inUse, verdict: 'unknown', uses: ['line 1'] }),
    variant('at-start', { message: atStart, verdict: 'pinned', uses: ['line 11'] }, '-DAT_START'),
  ],
};
