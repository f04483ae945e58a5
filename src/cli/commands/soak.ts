import { analyseSoak, type SoakCommandFacts, type SoakVerdict } from '../../analyses/soak/index.ts';
import { renderSoak } from '../../report/soak/soak-text.ts';
import { DeclarationError, RTLD, ValueError } from '../../run/dl/index.ts';
import { HostUnavailable } from '../../run/native-host/host-program.ts';
import { planCall } from '../../run/soak/plan-call.ts';
import { runSoak, type SoakPlan, SoakRefused } from '../../run/soak/run-soak.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type LoaderFlags,
  loaderFlags,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, UsageError } from '../errors.ts';
import { type ReportContent, runReport } from '../run-report.ts';

interface Flags extends ReportFlags, DemangleFlags, Pick<LoaderFlags, 'libraryPath' | 'preload'> {
  readonly entry: string;
  readonly prototype: string;
  readonly argument?: readonly string[];
  readonly call: boolean;
  readonly hostRuntime: string;
  readonly attribute: boolean;
  readonly now: boolean;
  readonly lazy: boolean;
  readonly global: boolean;
  readonly deepbind: boolean;
  readonly timeLimit: number;
  readonly memoryLimit?: number;
}

const ROUNDS = 600;
const MOST_ROUNDS = 1_000_000;
const THREADS = '8';
/** Growth shows in the second half of the rounds, in three parts of it at least. */
const FEWEST = 6;
const FEW = `fewer than ${FEWEST} rounds do not tell a leak from a warm-up`;
const MEBIBYTE = 1 << 20;
/** File names of the C++ run times, where distributions agree on them. */
const RUNTIMES: Readonly<Record<string, string>> = { 'libstdc++': 'libstdc++.so.6', 'libc++': 'libc++.so.1' };

interface Target {
  readonly paths: readonly [string] | readonly [string, string];
  readonly rounds: number;
  readonly threads: string;
}

function readTarget(words: readonly string[]): Target {
  const isComparison = words[0] === 'compare';
  const [plugins, rest] = isComparison
    ? [words.slice(1, 3), words.slice(3)]
    : [words.slice(0, 1), words.slice(1)];
  const [before, after] = plugins;
  if (isComparison && after === undefined)
    throw new UsageError('compare takes two plugins, BEFORE and AFTER');
  const [rounds = String(ROUNDS), threads = THREADS, more] = rest;
  if (more !== undefined) throw new UsageError(`one word too many: '${more}'`);
  if (!/^\d+$/.test(rounds) || Number(rounds) < 1 || Number(rounds) > MOST_ROUNDS) {
    throw new UsageError(`'${rounds}' is no number of rounds from 1 to ${MOST_ROUNDS}`);
  }
  if (!/^-?\d+$/.test(threads)) throw new UsageError(`'${threads}' is no number of threads`);
  return {
    paths: after === undefined ? [before!] : [before!, after],
    rounds: Number(rounds),
    threads,
  };
}

function flagsOf({ now, lazy, global, deepbind }: Flags): number {
  if (lazy && now) throw new UsageError('--lazy and --now exclude each other');
  return (lazy ? RTLD.LAZY : RTLD.NOW) | (global ? RTLD.GLOBAL : 0) | (deepbind ? RTLD.DEEPBIND : 0);
}

function planOf(flags: Flags, { rounds, threads }: Target): Omit<SoakPlan, 'path'> {
  const { entry, prototype, argument, hostRuntime, memoryLimit, libraryPath, preload } = flags;
  const { LD_LIBRARY_PATH, LD_PRELOAD, ...environment } = process.env;
  return {
    rounds,
    flags: flagsOf(flags),
    call: flags.call ? planCall(entry, prototype, argument ?? [threads]) : null,
    hostRuntime: hostRuntime === 'none' ? null : (RUNTIMES[hostRuntime] ?? hostRuntime),
    attribute: flags.attribute,
    timeLimit: flags.timeLimit,
    host: {
      environment: {
        ...environment,
        LD_LIBRARY_PATH: libraryPath ?? LD_LIBRARY_PATH,
        LD_PRELOAD: preload ?? LD_PRELOAD,
      },
      ...(memoryLimit === undefined ? {} : { memoryLimit: memoryLimit * MEBIBYTE }),
    },
  };
}

async function soak(
  context: Context,
  flags: Flags,
  target: Target,
): Promise<ReportContent<SoakCommandFacts> & { readonly verdict: SoakVerdict }> {
  const { paths, rounds } = target;
  const plan = planOf(flags, target);
  const progress = await context.progress('rounds', rounds * paths.length);
  try {
    const results = [];
    for (const [index, path] of paths.entries()) {
      const onProgress = (done: number) => progress.update(index * rounds + done, path);
      results.push(analyseSoak(await runSoak({ ...plan, path, onProgress })));
    }
    const last = results.at(-1)!;
    const before = results.length > 1 ? { before: results[0]!.facts } : {};
    return {
      ...last,
      targets: paths,
      facts: { ...last.facts, ...before },
      diagnostics: rounds < FEWEST ? [{ level: 'warning', message: FEW }] : [],
      looksFor: ['soak.*'],
    };
  } finally {
    progress.stop();
  }
}

function positiveNumber(input: string): number {
  const value = Number(input);
  if (!(value > 0)) throw new UsageError(`'${input}' is not a number above 0`);
  return value;
}

const openFlag = (brief: string) => ({ kind: 'boolean', default: false, withNegated: false, brief }) as const;

export const command = defineCommand<Flags, string[]>({
  description: `Opens a plugin, calls a function of it and closes it, ROUNDS times (${ROUNDS}), in a clean
process of its own, and measures after each round what the process holds: thread
keys, threads, mappings, descriptors, heap and resident memory, TLS modules, link
maps, signal handlers. What grows as long as the rounds go on is a leak; what only
warms up is none. The end of the plugin's process is a result: the round, the signal,
the place.

The function is 'int run_plugin(int THREADS)' unless --entry and --prototype say
otherwise; --no-call only opens and closes. With --attribute each lost key, thread,
descriptor, mapping and block of memory comes with the object, function and source
line that made it. 'soak compare BEFORE AFTER' puts two plugins side by side; the
verdict is the second one's. The plugin's code is run: know what you run.`,
  examples: [
    { command: 'solder soak ./plugin.so', does: `${ROUNDS} rounds with ${THREADS} threads` },
    { command: 'solder soak --attribute ./plugin.so 2000 1', does: 'Who made what is lost?' },
    { command: 'solder soak --no-call /usr/lib/x86_64-linux-gnu/libz.so.1', does: 'Only open and close' },
    { command: 'solder soak compare ./old.so ./new.so', does: 'Does the new one leak less?' },
  ],
  formats: ['text', 'json'],
  flags: {
    entry: {
      kind: 'parsed',
      parse: text,
      default: 'run_plugin',
      placeholder: 'NAME',
      brief: 'The function to call',
    },
    prototype: {
      kind: 'parsed',
      parse: text,
      default: 'int(int)',
      placeholder: 'TYPE',
      brief: 'Its type in C',
    },
    argument: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'VALUE',
      brief: 'An argument of it, as for solder load; without any THREADS is the only one',
    },
    call: { kind: 'boolean', default: true, brief: 'Call nothing, only open and close' },
    hostRuntime: {
      kind: 'parsed',
      parse: text,
      default: 'none',
      proposeCompletions: () => ['none', ...Object.keys(RUNTIMES)],
      placeholder: 'LIBRARY',
      brief: 'What the host has of its own: none, libstdc++, libc++ or a file',
    },
    attribute: openFlag('Record who makes what is lost'),
    now: openFlag('RTLD_NOW: bind everything at once; default'),
    lazy: openFlag('RTLD_LAZY: bind functions when they are called'),
    global: openFlag('RTLD_GLOBAL: what is opened later is bound to it too'),
    deepbind: openFlag('RTLD_DEEPBIND: its own definitions first'),
    timeLimit: {
      kind: 'parsed',
      parse: positiveNumber,
      default: '10',
      placeholder: 'SECONDS',
      brief: 'Time for each round',
    },
    memoryLimit: {
      kind: 'parsed',
      parse: positiveNumber,
      optional: true,
      placeholder: 'MIB',
      brief: 'Memory that the process may have',
    },
    libraryPath: loaderFlags.libraryPath,
    preload: loaderFlags.preload,
    ...reportFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'PLUGIN [ROUNDS [THREADS]]',
      brief: 'A shared library, or compare and two of them',
      parse: text,
    },
    minimum: 1,
  },
  async run(context, flags, ...words) {
    const target = readTarget(words);
    try {
      return await runReport<SoakCommandFacts>(context, flags, () => soak(context, flags, target), {
        text: (report, write, style, showNames) => write(showNames(renderSoak(report, style))),
      });
    } catch (error) {
      if (error instanceof HostUnavailable || error instanceof SoakRefused)
        throw new InputError(error.message);
      if (error instanceof ValueError || error instanceof DeclarationError || error instanceof RangeError) {
        throw new UsageError(error.message);
      }
      throw error;
    }
  },
});
