import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareLibraries, type DiagnosisFiles } from '../../analyses/index.ts';
import type { ObservedRun } from '../../analyses/labs/compare-run.ts';
import { diffName } from '../../analyses/labs/diff-rows.ts';
import { parseExports } from '../../analyses/labs/export-rows.ts';
import { exportedNames } from '../../analyses/labs/exported-names.ts';
import { predictFailures } from '../../analyses/labs/predict-failures.ts';
import {
  NO_PROCESS,
  type PredictedFiles,
  type PredictedRun,
  predictProcess,
} from '../../analyses/labs/predict-run.ts';
import type { ProcessInput } from '../../analyses/labs/process-input.ts';
import { tracedProcess } from '../../analyses/labs/traced-process.ts';
import { diagnosisFiles, loadContext, openLibrarySide } from '../../host/index.ts';
import type { LoadContext } from '../../loader/index.ts';
import type { LabRun } from '../../model/lab.ts';
import { runCommand } from '../run-command.ts';
import { makeScratch } from '../scratch.ts';
import { cleanEnvironment } from './build-variant.ts';
import { observeFarms, predictFarms } from './link-farms.ts';
import { placeAddresses } from './place-addresses.ts';
import { predictScripts } from './predict-script.ts';
import { predictUnloads } from './predict-unload.ts';
import { isSetId } from './set-user-id.ts';
import { EXPORTS_TOOL, isOfBuild, resolveCommand } from './tools.ts';

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

/** The files of the build whose exports the lab asks for. */
const exporters = ({ predicts }: LabRun, directory: string): string[] =>
  predicts.flatMap((stated) => {
    if (stated.kind === 'exports') return join(directory, stated.object);
    return stated.kind === 'script' ? join(directory, stated.library) : [];
  });

/** What solder derives for a run from the files in `directory`. */
export async function predictProgram(
  run: LabRun,
  directory: string,
  symbols: readonly string[],
): Promise<PredictedRun> {
  const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload, LD_BIND_NOW } = runEnvironment(run, directory);
  const [path] = resolveCommand(run.command, directory);
  const isSecure = isOfBuild(run.command) && isSetId(path);
  const context = loadContext(isSecure ? {} : { libraryPath, preload });
  const open = (file: string) => {
    const target = context.openTarget(file);
    return target.kind === 'dynamic' ? target.object : undefined;
  };
  const files: PredictedFiles = {
    exports: new Map(
      exporters(run, directory).flatMap((file) => {
        const object = open(file);
        return object === undefined ? [] : [[file, exportedNames(object)]];
      }),
    ),
    scripts: await predictScripts(run, directory),
    diffs: predictDiffs(run, directory),
    links: predictFarms(run, directory),
    addresses: placeAddresses(run, directory, open),
    unloads: predictUnloads(run, directory, isSecure ? {} : { libraryPath, preload }),
  };
  // Nothing is said of the processes of a tool that is not of the build.
  const root = isOfBuild(run.command) ? open(path) : undefined;
  if (root === undefined) return { ...NO_PROCESS, ...files, isSecure };
  // ld.so(8): any value but the empty one.
  const bindNow = LD_BIND_NOW !== undefined && LD_BIND_NOW !== '';
  const input: ProcessInput = {
    context: standingIn(context, directory),
    root,
    path,
    symbols: [...symbols, ...run.predicts.flatMap((stated) => (stated.kind === 'told' ? stated.symbol : []))],
    bindNow,
    calls: run.calls ?? [],
  };
  const failures = predictFailures(
    run.predicts.filter((stated) => stated.kind === 'failure'),
    { ...input, files: filesIn(directory) },
  );
  return { ...predictProcess(input), ...files, failures, isSecure };
}

/** The process stands in the build's directory, solder elsewhere. */
function standingIn({ files, ...context }: LoadContext, directory: string): LoadContext {
  const open: typeof files.open = (path, loader) => files.open(resolve(directory, path), loader);
  return { ...context, files: { ...files, open, workingDirectory: directory } };
}

function filesIn(directory: string): DiagnosisFiles {
  const files = diagnosisFiles();
  const at = (path: string): string => resolve(directory, path);
  return {
    state: (path) => files.state(at(path)),
    list: (path) => files.list(at(path)),
    read: (path, use) => files.read(at(path), use),
    isNoExec: (path) => files.isNoExec(at(path)),
  };
}

function predictDiffs({ predicts }: LabRun, directory: string): PredictedRun['diffs'] {
  const asked = predicts.filter((stated) => stated.kind === 'diff');
  const open = (name: string) => openLibrarySide(join(directory, name));
  return new Map(
    asked.map((stated) => [diffName(stated), compareLibraries(open(stated.old), open(stated.new))]),
  );
}

/** Runs the program of a run in `directory`, traced by its own dynamic loader. */
export async function observeProgram(run: LabRun, directory: string): Promise<ObservedRun> {
  using traces = makeScratch('lab');
  const trace = join(traces.directory, 'trace');
  const { pid, stdout, stderr, ending } = await runCommand(resolveCommand(run.command, directory), {
    workingDirectory: directory,
    environment: {
      ...cleanEnvironment(),
      LD_DEBUG: 'libs,files,bindings,scopes',
      LD_DEBUG_OUTPUT: trace,
      ...runEnvironment(run, directory),
    },
    timeLimit: TIME_LIMIT,
  });
  // The loader appends the process's number; other files are its children's.
  const file = `${trace}.${pid}`;
  return {
    stdout,
    stderr,
    ending,
    ...tracedProcess(existsSync(file) ? readFileSync(file, 'utf8') : ''),
    exports: await observeExports(exporters(run, directory), directory),
    links: observeFarms(run, directory),
  };
}

async function observeExports(files: readonly string[], directory: string): Promise<ObservedRun['exports']> {
  const exports = new Map<string, readonly string[]>();
  for (const file of files) {
    const { stdout, ending } = await runCommand([EXPORTS_TOOL, '-D', '--defined-only', file], {
      workingDirectory: directory,
      environment: cleanEnvironment(),
      timeLimit: TIME_LIMIT,
    });
    if (ending.kind === 'status' && ending.status === 0) exports.set(file, parseExports(stdout));
  }
  return exports;
}
