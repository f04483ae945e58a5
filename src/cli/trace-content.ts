import {
  type EventFilter,
  LogVerifier,
  type ProgramFinder,
  type TraceFacts,
} from '../analyses/trace/index.ts';
import { loadContext, type SystemTargets, systemErrorText } from '../host/index.ts';
import type { Diagnostic } from '../model/index.ts';
import { onInterrupt } from '../run/on-interrupt.ts';
import {
  type Category,
  DEFAULT_CATEGORIES,
  type EventListener,
  findTraceable,
  liveProcess,
  logDirectory,
  logsIn,
  programFinder,
  readLog,
  runTraced,
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
  const target = findTraceable(command, contextFor(flags));
  if (target.kind === 'refused') throw new InputError(`${target.path || "''"}: ${target.reason}`);
  const { path, program, loader } = target;
  const context = contextFor({ ...flags, ...loader });
  const diagnostics: Diagnostic[] = [];
  if (program !== path && loader === undefined) {
    const message = `a script: what is traced is its interpreter ${program}`;
    diagnostics.push({ level: 'warning', message, object: path });
  }
  const environment = loaderEnvironment(flags);
  const categories = categoriesFor(flags);
  if (categories.includes('unused')) {
    for (const event of unusedDependencies([path, ...command.slice(1)], environment))
      sight.see(event, undefined);
  }
  using scratch = logDirectory();
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
  const finder = programFinder({
    context,
    bindNow: bindsNow(),
    main: { pid: pid!, path: program, unpredictable: loader?.unpredictable },
    seen,
  });
  const logs = logsIn(directory).map((log) => log.path);
  const { verified, findings } = verifyLogs(flags, logs, finder);
  const facts = { command, ending, categories, lines, ...sight.timeline.facts(), ...verified };
  return { targets: [command[0]], facts, findings, diagnostics, looksFor: LOOKS_FOR };
}

/** Reads logs that LD_DEBUG wrote elsewhere; one that is none does not stop the others. */
export function readLogs(
  flags: TraceFlags,
  paths: readonly string[],
  sight: Sight,
): ReportContent<TraceFacts> {
  const context = contextFor(flags);
  const finder = programFinder({
    context,
    bindNow: bindsNow(),
    main: undefined,
    seen: new Map(),
  });
  const diagnostics: Diagnostic[] = [];
  const results: ReturnType<LogVerifier['end']>[] = [];
  let lines = 0;
  for (const path of paths) {
    const verifier = flags.verify ? new LogVerifier(finder) : undefined;
    const log = readForeign(path, (event, owner) => {
      sight.see(event, owner);
      verifier?.add(event, owner);
    });
    lines += log.lines;
    if (log.trouble !== undefined) diagnostics.push({ level: 'error', message: log.trouble, object: path });
    if (verifier !== undefined) results.push(verifier.end());
  }
  sight.flush();
  const [first] = diagnostics;
  if (first !== undefined && diagnostics.length === paths.length) {
    throw new InputError(`${first.object}: ${first.message}`);
  }
  const { verified, findings } = verification(flags, results);
  const facts = {
    command: null,
    ending: null,
    categories: null,
    lines,
    ...sight.timeline.facts(),
    ...verified,
  };
  return { targets: paths, facts, findings, diagnostics, looksFor: LOOKS_FOR };
}

function readForeign(path: string, onEvent: EventListener) {
  try {
    return readLog(path, onEvent);
  } catch (error) {
    const trouble = systemErrorText(error);
    if (trouble === undefined) throw error;
    return { lines: 0, trouble };
  }
}

/** A log at a time, so that no more than one has to be remembered. */
function verifyLogs(flags: TraceFlags, paths: readonly string[], finder: ProgramFinder) {
  if (!flags.verify) return verification(flags, []);
  const results = paths.map((path) => {
    const verifier = new LogVerifier(finder);
    readLog(path, (event, owner) => verifier.add(event, owner));
    return verifier.end();
  });
  return verification(flags, results);
}

const verification = ({ verify }: TraceFlags, results: readonly ReturnType<LogVerifier['end']>[]) => ({
  verified: verify ? { verified: results.flatMap(({ images }) => images) } : {},
  findings: results.flatMap(({ findings }) => findings),
});

const contextFor = (flags: TraceFlags): SystemTargets => loadContext(loaderPaths(flags), flags.sysroot);

/** A symbol cannot be followed, and a prediction not be verified, without what is to be seen of them. */
function categoriesFor({ categories = DEFAULT_CATEGORIES, symbol, verify }: TraceFlags): readonly Category[] {
  const more: readonly Category[] = [
    ...(symbol === undefined ? [] : (['symbols', 'bindings'] as const)),
    ...(verify ? DEFAULT_CATEGORIES : []),
  ];
  return categories.includes('all') ? categories : [...new Set([...categories, ...more])];
}
