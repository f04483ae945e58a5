import { analyseSoak, type SoakCommandFacts, type SoakVerdict } from '../../analyses/soak/index.ts';
import { renderSoak } from '../../report/soak/soak-text.ts';
import { openFlags } from '../../run/dl/open-mode.ts';
import { planCall } from '../../run/soak/plan-call.ts';
import { runSoak, type SoakPlan } from '../../run/soak/run-soak.ts';
import {
  type DemangleFlags,
  demangleFlags,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { type HostFlags, hostFlags, memoryLimitOf, switchFlag } from '../host-flags.ts';
import { loaderEnvironment } from '../loader-environment.ts';
import { type ReportContent, runReport } from '../run-report.ts';
import { asSoakError, ROUNDS, readRounds, THREADS } from '../soak-rounds.ts';

interface Flags extends ReportFlags, DemangleFlags, HostFlags {
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
}

/** Growth shows in the second half of the rounds, in three parts of it at least. */
const FEWEST = 6;
/** The heap settles first, and then has to grow in three parts as well. */
const FEWEST_FOR_MEMORY = 12;

function tooFew(rounds: number): string[] {
  if (rounds < FEWEST) return [`fewer than ${FEWEST} rounds do not tell a leak from a warm-up`];
  if (rounds >= FEWEST_FOR_MEMORY) return [];
  return [`fewer than ${FEWEST_FOR_MEMORY} rounds do not tell whether memory of the heap is lost`];
}

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
  const [rounds = ROUNDS, threads = THREADS, more] = rest;
  if (more !== undefined) throw new UsageError(`one word too many: '${more}'`);
  const count = readRounds(rounds);
  if (!/^-?\d+$/.test(threads)) throw new UsageError(`'${threads}' is no number of threads`);
  return {
    paths: after === undefined ? [before!] : [before!, after],
    rounds: count,
    threads,
  };
}

function flagsOf({ now, lazy, global, deepbind }: Flags): number {
  if (lazy && now) throw new UsageError('--lazy and --now exclude each other');
  return openFlags({ now: !lazy, global, deepBind: deepbind });
}

function planOf(flags: Flags, { rounds, threads }: Target): Omit<SoakPlan, 'path'> {
  const { entry, prototype, argument, hostRuntime } = flags;
  return {
    rounds,
    flags: flagsOf(flags),
    call: flags.call ? planCall(entry, prototype, argument ?? [threads]) : null,
    hostRuntime: hostRuntime === 'none' ? null : (RUNTIMES[hostRuntime] ?? hostRuntime),
    attribute: flags.attribute,
    timeLimit: flags.timeLimit,
    host: {
      environment: { ...process.env, ...loaderEnvironment(flags) },
      ...memoryLimitOf(flags),
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
      diagnostics: tooFew(rounds).map((message) => ({ level: 'warning', message })),
      looksFor: ['soak.*'],
    };
  } finally {
    progress.stop();
  }
}

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
  formats: REPORT_FORMATS,
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
    attribute: switchFlag('Record who makes what is lost'),
    now: switchFlag('RTLD_NOW: bind everything at once; default'),
    lazy: switchFlag('RTLD_LAZY: bind functions when they are called'),
    global: switchFlag('RTLD_GLOBAL: what is opened later is bound to it too'),
    deepbind: switchFlag('RTLD_DEEPBIND: its own definitions first'),
    ...hostFlags('round'),
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
      throw asSoakError(error);
    }
  },
});
