import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ObservedRun } from '../../analyses/labs/compare-run.ts';
import { NOTHING_PREDICTED, type PredictedRun, predictRun } from '../../analyses/labs/predict-run.ts';
import { loadContext } from '../../host/index.ts';
import type { LabRun } from '../../model/lab.ts';
import { runCommand } from '../run-command.ts';
import { parseBindingTrace } from './binding-trace.ts';
import { cleanEnvironment } from './build-variant.ts';
import { makeScratch } from './scratch.ts';
import { resolveCommand } from './tools.ts';

/** Seconds for one run of a program. */
const TIME_LIMIT = 10;

/** The run's own environment, with the loader's paths made absolute: solder does not stand in `directory`. */
function runEnvironment({ environment = {} }: LabRun, directory: string): Record<string, string> {
  const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload, ...others } = environment;
  const absolute = (list: string, separators: RegExp, isPath: (entry: string) => boolean) =>
    list
      .split(separators)
      .map((entry) => (isPath(entry) ? resolve(directory, entry) : entry))
      .join(':');
  return {
    ...others,
    // An empty entry is the working directory; a name with a dynamic string token is left to the loader.
    ...(libraryPath === undefined
      ? {}
      : { LD_LIBRARY_PATH: absolute(libraryPath, /[:;]/, (entry) => !entry.startsWith('$')) }),
    ...(preload === undefined
      ? {}
      : { LD_PRELOAD: absolute(preload, /[: ]/, (entry) => entry.includes('/') && !entry.startsWith('$')) }),
  };
}

/** What solder derives for a run from the files in `directory`; nothing for a tool that is not of the build. */
export function predictProgram(run: LabRun, directory: string, symbols: readonly string[]): PredictedRun {
  if (!run.command[0].startsWith('./')) return NOTHING_PREDICTED;
  const [path] = resolveCommand(run.command, directory);
  const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload } = runEnvironment(run, directory);
  const context = loadContext({ libraryPath, preload });
  const target = context.openTarget(path);
  if (target.kind !== 'dynamic') return NOTHING_PREDICTED;
  return predictRun(context, target.object, path, symbols);
}

/** Runs the program of a run in `directory`, traced by its own dynamic loader. */
export async function observeProgram(run: LabRun, directory: string): Promise<ObservedRun> {
  using traces = makeScratch();
  const trace = join(traces.directory, 'trace');
  const { pid, stdout, stderr, ending } = await runCommand(resolveCommand(run.command, directory), {
    workingDirectory: directory,
    environment: {
      ...cleanEnvironment(),
      LD_DEBUG: 'bindings,scopes',
      LD_DEBUG_OUTPUT: trace,
      ...runEnvironment(run, directory),
    },
    timeLimit: TIME_LIMIT,
  });
  // The loader appends the process's number; other files are its children's.
  const file = `${trace}.${pid}`;
  return { stdout, stderr, ending, ...parseBindingTrace(existsSync(file) ? readFileSync(file, 'utf8') : '') };
}
