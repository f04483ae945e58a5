import type { Lab, LabVariant, UnloadStatement } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { untraced } from '../../unloading.ts';

const unloaded = ['dlclose returns 0', 'unloaded: yes'];
const end = 'the program ends';

const build = (...options: string[]): LabVariant['build'] => [
  library('libplugin.so', 'plugin.c', '-pthread', ...options),
  program('app', 'app.c', '-ldl', '-pthread', '-rdynamic'),
];

/** What is left is called when its code is gone. */
const dies = (
  name: string,
  [finding, message]: readonly [UnloadStatement['finding'], string],
  printed: readonly string[] = [],
  severity: UnloadStatement['severity'] = 'warning',
): LabVariant => ({
  name,
  build: build(`-D${name.toUpperCase().replace('-', '_')}`),
  runs: [
    {
      command: untraced('./app'),
      predicts: [
        {
          kind: 'unload',
          plugin: 'libplugin.so',
          verdict: 'unloads',
          finds: [{ finding, severity, message: `libplugin.so: ${message}`, seen: 'killed by SIGSEGV' }],
        },
      ],
      observes: { stdout: [...unloaded, ...printed], ends: { kind: 'signal', signal: 'SIGSEGV' } },
    },
  ],
});

const goesOn = (name: string, stdout: readonly string[], ...options: string[]): LabVariant => ({
  name,
  build: build(...options),
  runs: [
    {
      command: untraced('./app'),
      predicts: [{ kind: 'unload', plugin: 'libplugin.so', verdict: 'unloads', finds: [] }],
      observes: { stdout },
    },
  ],
});

const lostKey = 'leaves a thread key behind whenever it is loaded';

export const lab: Lab = {
  title: 'Functions of a library that is gone: whoever still calls them ends the process',
  source: { text: KEY_LEAK, section: '方案A' },
  symbols: [],
  variants: [
    goesOn('atexit', ['the plugin speaks', ...unloaded, end], '-DATEXIT'),
    dies('on-exit', ['unload.exit-handler', 'leaves an exit handler behind when it is used'], [end]),
    dies('signal', ['unload.signal-handler', 'leaves a signal handler behind when it is used']),
    dies('callback', ['unload.callback', 'leaves a callback behind when it is used']),
    dies('key', ['unload.thread-key', lostKey], [], 'error'),
    goesOn('signal-taken-back', [...unloaded, end], '-DSIGNAL', '-DTAKEN_BACK'),
    goesOn('callback-taken-back', [...unloaded, end], '-DCALLBACK', '-DTAKEN_BACK'),
    goesOn('key-taken-back', [...unloaded, end], '-DKEY', '-DTAKEN_BACK'),
  ],
};
