import type { Lab, LabVariant, UnloadStatement } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { untraced } from '../../unloading.ts';

const wentOn = 'the thread went on';
const CRASH = 'killed by SIGSEGV';

const thread = (seen: string): UnloadStatement => ({
  finding: 'unload.thread',
  severity: 'warning',
  message: 'libplugin.so: leaves a thread behind when it is used',
  because: 'it imports nothing that would undo it: pthread_join',
  seen,
});

const threadLocal: UnloadStatement = {
  finding: 'unload.pinned-thread-local',
  severity: 'warning',
  message: 'libplugin.so: a thread-local object is made when it is used, and keeps it until that thread ends',
  seen: 'unloaded: no',
};

interface Outcome {
  readonly verdict: 'unloads' | 'unknown';
  readonly finds: readonly UnloadStatement[];
  readonly unloaded: 'yes' | 'no';
}

const variant = (
  name: string,
  options: readonly string[],
  { unloaded, ...outcome }: Outcome,
): LabVariant => ({
  name,
  build: [
    library('libplugin.so', 'plugin.c', '-pthread', ...options),
    program('app', 'app.c', '-ldl', '-pthread'),
  ],
  runs: [
    {
      command: untraced('./app'),
      predicts: [{ kind: 'unload', plugin: 'libplugin.so', ...outcome }],
      observes: outcome.finds.some(({ seen }) => seen === CRASH)
        ? {
            stdout: ['dlclose returns 0', `unloaded: ${unloaded}`],
            ends: { kind: 'signal', signal: 'SIGSEGV' },
          }
        : { stdout: ['dlclose returns 0', `unloaded: ${unloaded}`, wentOn] },
    },
  ],
});

export const lab: Lab = {
  title: 'A thread does not keep the library whose code it runs, unless it has a destructor to run there',
  source: { text: KEY_LEAK, section: '方案B' },
  symbols: [],
  variants: [
    variant('left-alone', [], { verdict: 'unloads', finds: [thread(CRASH)], unloaded: 'yes' }),
    variant('with-a-thread-local-object', ['-DREMEMBERED'], {
      verdict: 'unknown',
      finds: [threadLocal, thread(wentOn)],
      unloaded: 'no',
    }),
    variant('joined', ['-DJOINED'], { verdict: 'unloads', finds: [], unloaded: 'yes' }),
  ],
};
