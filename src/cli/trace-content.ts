import {
  type EventFilter,
  LogVerifier,
  type ProgramFinder,
  type TraceEvent,
  type TraceFacts,
} from '../analyses/trace/index.ts';
import { loadContext, type SystemTargets } from '../host/index.ts';
import type { Diagnostic } from '../model/index.ts';
import { onInterrupt } from '../run/on-interrupt.ts';
import { scratchDirectory } from '../run/scratch.ts';
import {
  type Category,
  DEFAULT_CATEGORIES,
  findTraceable,
  liveProcess,
  logsIn,
  programFinder,
  readLog,
  runTraced,
  sourceOf,
  unusedDependencies,
} from '../run/trace/index.ts';
import type { LoaderFlags, OutputFlags } from './common-flags.ts';
import { InputError, UsageError } from './errors.ts';
import { bindsNow, loaderEnvironment, loaderPaths } from './loader-environment.ts';
import type { ReportContent } from './run-report.ts';
import type { Sight } from './trace-sight.ts';

export interface TraceFlags extends LoaderFlags, EventFilter {
  readonly categories?: readonly Category[];
  readonly file?: readonly string[];
  readonly verify: boolean;
}

const LOOKS_FOR = ['trace.*'];

/** Runs a command and collects what its loader tells. */
export async function traceCommand(
  flags: TraceFlags & OutputFlags,
  command: readonly [string, ...string[]],
  sight: Sight,
): Promise<ReportContent<TraceFacts>> {
  if (flags.sysroot !== undefined)
    throw new UsageError('--sysroot is for logs: a program runs on this system');
  const context = contextFor(flags);
  const target = findTraceable(command[0], context);
  if (target.kind === 'refused') throw new InputError(`${target.path}: ${target.reason}`);
  const { path, program } = target;
  const diagnostics: Diagnostic[] = [];
  if (program !== path) {
    const message = `a script: what is traced is its interpreter ${program}`;
    diagnostics.push({ level: 'warning', message, object: path });
  }
  const environment = loaderEnvironment(flags);
  const categories = categoriesFor(flags);
  if (categories.includes('unused')) {
    for (const event of unusedDependencies(program, environment)) sight.see(event, undefined);
  }
  using scratch = scratchDirectory('trace');
  const seen = new Map<number, string[]>();
  const look = (pid: number): void => {
    const live = liveProcess(pid);
    if (live === undefined) return;
    sight.timeline.setParent(pid, live.parent);
    if (live.program !== undefined) seen.set(pid, [...(seen.get(pid) ?? []), live.program]);
  };
  const { directory } = scratch;
  const { pid, ending, lines } = await runTraced(
    {
      command,
      path,
      environment,
      // This one would change how references are bound: the loader is asked for it apart.
      categories: categories.filter((category) => category !== 'unused'),
      directory,
      keepsOutput: flags.output !== undefined,
    },
    {
      onProcess: look,
      onEvent(event, owner, at) {
        if (event.kind === 'scopes') look(event.pid);
        sight.see(event, owner, at);
      },
      onPause: () => sight.flush(),
    },
  );
  using _interrupted = onInterrupt(() => scratch[Symbol.dispose]());
  if (ending.kind === 'not-started') throw new InputError(`${path}: ${ending.message}`);
  const finder = programFinder({ context, bindNow: bindsNow(), main: { pid: pid!, path: program }, seen });
  const logs = logsIn(directory).map((log) => ({ ...log, source: 'loader' as const }));
  const { verified, findings } = verifyLogs(flags, logs, finder);
  const facts = { command, ending, categories, lines, ...sight.timeline.facts(), ...verified };
  return { targets: [command[0]], facts, findings, diagnostics, looksFor: LOOKS_FOR };
}

/** Reads logs that LD_DEBUG wrote elsewhere. */
export function readLogs(
  flags: TraceFlags,
  paths: readonly string[],
  sight: Sight,
): ReportContent<TraceFacts> {
  const logs = paths.map((path) => ({ path, ...sourceOf(path) }));
  let lines = 0;
  for (const log of logs) lines += readOwned(log, (event, owner) => sight.see(event, owner));
  sight.flush();
  const finder = programFinder({
    context: contextFor(flags),
    bindNow: bindsNow(),
    main: undefined,
    seen: new Map(),
  });
  const { verified, findings } = verifyLogs(flags, logs, finder);
  const facts = {
    command: null,
    ending: null,
    categories: null,
    lines,
    ...sight.timeline.facts(),
    ...verified,
  };
  return { targets: paths, facts, findings, diagnostics: [], looksFor: LOOKS_FOR };
}

type Log = { readonly path: string } & ReturnType<typeof sourceOf>;

/** Of a log that names nobody the first process is taken for the one that has started the others. */
function readOwned(log: Log, onEvent: (event: TraceEvent, owner: number | undefined) => void): number {
  let { owner } = log;
  return readLog(log.path, log, (event) => {
    if (event.pid !== 0) owner ??= event.pid;
    onEvent(event, owner);
  });
}

/** A log at a time, so that no more than one has to be remembered. */
function verifyLogs({ verify }: TraceFlags, logs: readonly Log[], finder: ProgramFinder) {
  if (!verify) return { verified: {}, findings: [] };
  const results = logs.map((log) => {
    const verifier = new LogVerifier(finder);
    readOwned(log, (event, owner) => verifier.add(event, owner));
    return verifier.end();
  });
  return {
    verified: { verified: results.flatMap(({ images }) => images) },
    findings: results.flatMap(({ findings }) => findings),
  };
}

const contextFor = (flags: TraceFlags): SystemTargets => loadContext(loaderPaths(flags), flags.sysroot);

/** A symbol cannot be followed, and a prediction not be verified, without what is to be seen of them. */
function categoriesFor({ categories = DEFAULT_CATEGORIES, symbol, verify }: TraceFlags): readonly Category[] {
  const more: readonly Category[] = [
    ...(symbol === undefined ? [] : (['symbols', 'bindings'] as const)),
    ...(verify ? DEFAULT_CATEGORIES : []),
  ];
  return categories.includes('all') ? categories : [...new Set([...categories, ...more])];
}
