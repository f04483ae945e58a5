import type { Lab, LabRun, UnloadStatement } from '../../../src/model/lab.ts';
import { library, program } from '../../steps.ts';
import { KEY_LEAK } from '../../texts.ts';
import { untraced } from '../../unloading.ts';

const unloaded = ['dlclose returns 0', 'unloaded: yes'];
const end = 'the program ends';

/** `plugin.c` built to leave one thing behind, or to take it back. */
const plugins: Readonly<Record<string, readonly string[]>> = {
  atexit: ['-DATEXIT'],
  'on-exit': ['-DON_EXIT'],
  signal: ['-DSIGNAL'],
  callback: ['-DCALLBACK'],
  key: ['-DKEY'],
  'signal-taken-back': ['-DSIGNAL', '-DTAKEN_BACK'],
  'callback-taken-back': ['-DCALLBACK', '-DTAKEN_BACK'],
  'key-taken-back': ['-DKEY', '-DTAKEN_BACK'],
};

/** What is left is called when its code is gone. */
const dies = (
  name: string,
  finding: UnloadStatement['finding'],
  left: string,
  { printed = [], severity = 'warning' }: Partial<Left> = {},
): LabRun => ({
  name,
  command: untraced('./app', `./lib${name}.so`),
  predicts: [
    {
      kind: 'unload',
      plugin: `lib${name}.so`,
      verdict: 'unloads',
      finds: [{ finding, severity, message: `lib${name}.so: leaves ${left}`, seen: 'killed by SIGSEGV' }],
    },
  ],
  observes: { stdout: [...unloaded, ...printed], ends: { kind: 'signal', signal: 'SIGSEGV' } },
});

interface Left {
  /** After dlclose. */
  readonly printed: readonly string[];
  readonly severity: UnloadStatement['severity'];
}

const goesOn = (name: string, stdout: readonly string[]): LabRun => ({
  name,
  command: untraced('./app', `./lib${name}.so`),
  predicts: [{ kind: 'unload', plugin: `lib${name}.so`, verdict: 'unloads', finds: [] }],
  observes: { stdout },
});

export const lab: Lab = {
  title: 'Functions of a library that is gone: whoever still calls them ends the process',
  source: { text: KEY_LEAK, section: '方案A' },
  symbols: [],
  variants: [
    {
      name: 'as-written',
      build: [
        program('app', 'app.c', '-ldl', '-pthread', '-rdynamic'),
        ...Object.entries(plugins).map(([name, options]) =>
          library(`lib${name}.so`, 'plugin.c', '-pthread', ...options),
        ),
      ],
      runs: [
        goesOn('atexit', ['the plugin speaks', ...unloaded, end]),
        dies('on-exit', 'unload.exit-handler', 'an exit handler behind when it is used', { printed: [end] }),
        dies('signal', 'unload.signal-handler', 'a signal handler behind when it is used'),
        dies('callback', 'unload.callback', 'a callback behind when it is used'),
        dies('key', 'unload.thread-key', 'a thread key behind whenever it is loaded', { severity: 'error' }),
        goesOn('signal-taken-back', [...unloaded, end]),
        goesOn('callback-taken-back', [...unloaded, end]),
        goesOn('key-taken-back', [...unloaded, end]),
      ],
    },
  ],
};
