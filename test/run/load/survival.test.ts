import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadFacts, Report } from '../../../src/model/index.ts';
import { solder } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';
import { buildLibraries, type Libraries } from '../native-host/libraries.ts';

const { signals } = constants;

/** What foreign code can do to its process, and the one line that the command says of it. */
const DEATHS: readonly (readonly [args: readonly string[], line: RegExp])[] = [
  [
    ['outer:void(char *)', '0x10'],
    /^SIGSEGV at address 0x10 in hidden_poke\+0x\w+ of libdeadly\.so during a call of outer$/,
  ],
  [['recurse:int(int)', '1'], /^stack overflow \(SIGSEGV\) in recurse\+0x\w+ of libdeadly\.so during /],
  [['jump_to:void(void (*)(void))', '0x10'], /^SIGSEGV at 0x10, where there is no code/],
  [['corrupt:void(void)'], /^SIGABRT in .*libc\.so\.6, called from corrupt\+0x\w+ of libdeadly\.so, during /],
  [
    ['leave:void(int)', '7'],
    /^called exit with status 7, called from .*leave\+0x\w+ of libdeadly\.so, during /,
  ],
  [['leave_at_once:void(int)', '8'], /^called _exit with status 8 during /],
  [['leave_quickly:void(int)', '9'], /^called quick_exit with status 9/],
  [['loop:void(void)'], /^a call of loop was still running after 1 s: its process was killed$/],
  [['sleep_long:void(void)'], /still running after 1 s/],
  [['close_all:void(void)'], /^closed file descriptors that were not its own/],
  [
    ['close_all_and_sleep:void(void)'],
    /^closed file descriptors that were not its own|still running after 1 s/,
  ],
  [['garble:void(int)', '64'], /^wrote to a file descriptor that was not its own/],
  [['jump_nowhere:void(void)'], /^(SIG|stack overflow)/],
  ...[
    'SIGHUP',
    'SIGQUIT',
    'SIGILL',
    'SIGTRAP',
    'SIGABRT',
    'SIGBUS',
    'SIGFPE',
    'SIGKILL',
    'SIGUSR1',
    'SIGSEGV',
    'SIGUSR2',
    'SIGPIPE',
    'SIGALRM',
    'SIGTERM',
    'SIGXCPU',
    'SIGXFSZ',
    'SIGVTALRM',
    'SIGPROF',
    'SIGIO',
    'SIGPWR',
    'SIGSYS',
  ].map(
    (name) =>
      [
        ['send_signal:void(int)', String(signals[name as keyof typeof signals])],
        new RegExp(`${name}\\b.* during a call of send_signal$`),
      ] as const,
  ),
];

/** What it can do and live. */
const LIVES: readonly (readonly string[])[] = [
  ['close_low:void(void)'],
  ['fork_and_return:int(void)'],
  ['fork_and_exit:int(int)', '3'],
  ['fork_and_crash:int(void)'],
  ['fork_and_live:int(void)'],
  ['fork_away:int(void)'],
  ['start_thread:int(void)'],
];

/** Processes that have the library mapped. */
function holders(library: string): string[] {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/maps`, 'utf8').includes(library);
    } catch {
      return false; // it has just ended
    }
  });
}

describe.skipIf(!hasTools('cc'))('solder load, with a library that', () => {
  let libraries: Libraries;
  beforeAll(() => {
    libraries = buildLibraries(['deadly']);
  });
  afterAll(() => libraries[Symbol.dispose]());

  function load(args: readonly string[]): {
    report: Report<LoadFacts>;
    stderr: string;
    status: number | null;
  } {
    const library = libraries.path('deadly');
    const options = ['--time-limit', '1', '--format', 'json', '--no-demangle'];
    const { stdout, stderr, status } = solder(['load', library, ...options, '--', ...args]);
    expect(holders(library)).toEqual([]);
    return { report: JSON.parse(stdout) as Report<LoadFacts>, stderr, status };
  }

  it.each(DEATHS)('dies: %j', (args, line) => {
    const { report, stderr, status } = load(args);
    const [finding, ...others] = report.findings;
    expect(finding).toMatchObject({ kind: 'run.died', message: expect.stringMatching(line) });
    expect(finding!.message).not.toContain('\n');
    expect(others).toEqual([]);
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 });
    expect(report.facts.steps.map(({ observed }) => observed?.result)).toEqual(['opened', 'died', 'skipped']);
  });

  it.each(LIVES)('lives: %s', (...args) => {
    const { report, stderr, status } = load(args);
    expect({ findings: report.findings, stderr, status }).toEqual({ findings: [], stderr: '', status: 0 });
  });
});
