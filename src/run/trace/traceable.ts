import { spawnSync } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { type SystemTargets, systemErrorText } from '../../host/index.ts';
import { isGlibcLoader, type LoaderCommand, parseLoaderCommand } from './loader-command.ts';

/** A program that can be traced, or why it cannot. */
export type Traceable =
  | {
      readonly kind: 'program';
      /** The file that is executed. */
      readonly path: string;
      /** The file whose loader is traced: for a script that of its interpreter. */
      readonly program: string;
      /** When the command is the loader itself: what it is asked for. */
      readonly loader?: LoaderCommand;
    }
  | { readonly kind: 'refused'; readonly path: string; readonly reason: string };

/** Scripts whose interpreter is a script again; the kernel allows four (fs/exec.c). */
const SCRIPT_LIMIT = 4;

/**
 * Finds the program of a command line as execvp(3) does, and sees whether its loader would heed LD_DEBUG: secure
 * mode ignores it, a static program has no loader, and musl's and Bionic's know nothing of it.
 */
export function findTraceable(
  [command, ...args]: readonly [string, ...string[]],
  context: SystemTargets,
  searchPath = process.env['PATH'],
): Traceable {
  const path = command.includes('/') ? command : findProgram(command, searchPath ?? '/bin:/usr/bin');
  if (path === undefined) return refused(command, 'no such program on PATH');
  let program = path;
  for (let depth = 0; depth <= SCRIPT_LIMIT; depth++) {
    const why = whyNotExecutable(program);
    if (why !== undefined) return refused(program, why);
    const interpreter = interpreterOf(program);
    if (interpreter === undefined) {
      if (isLoader(program, context)) return throughLoader(path, parseLoaderCommand(args), context);
      const reason = whyNotTraceable(program, context);
      return reason === undefined ? { kind: 'program', path, program } : refused(program, reason);
    }
    program = interpreter;
  }
  return refused(path, 'its interpreter is a script, whose interpreter is a script, and so on');
}

/** A name without a slash is none of PATH, but searched for like a library: only ld.so knows what it finds. */
function throughLoader(path: string, loader: LoaderCommand | undefined, context: SystemTargets): Traceable {
  if (loader === undefined) return refused(path, 'the loader itself: name a program after it');
  const { program } = loader;
  const why = program.includes('/') ? (fileTrouble(program) ?? whyNotLoadable(program, context)) : undefined;
  return why === undefined ? { kind: 'program', path, program, loader } : refused(program, why);
}

/** Set-user-ID bits and capabilities mean nothing to a loader that maps a program by itself. */
function whyNotLoadable(program: string, context: SystemTargets): string | undefined {
  const target = context.openTarget(program);
  if (target.kind === 'unreadable') return target.message;
  return target.kind === 'dynamic' ? undefined : target.what;
}

function isLoader(path: string, context: SystemTargets): boolean {
  const target = context.openTarget(path);
  if (target.kind !== 'dynamic') return false;
  const { interpreter, soname } = target.object;
  return interpreter === undefined && isGlibcLoader(soname ?? path);
}

const refused = (path: string, reason: string): Traceable => ({ kind: 'refused', path, reason });

function findProgram(name: string, searchPath: string): string | undefined {
  const candidates = searchPath
    .split(delimiter)
    .map((folder) => (folder === '' ? `./${name}` : join(folder, name)));
  return candidates.find((path) => whyNotExecutable(path) === undefined);
}

/** `access` is what has to be allowed. */
function fileTrouble(path: string, access: number = constants.R_OK): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'not a program';
    accessSync(path, access);
    return undefined;
  } catch (error) {
    const reason = systemErrorText(error);
    if (reason === undefined) throw error;
    return reason;
  }
}

const whyNotExecutable = (path: string): string | undefined => fileTrouble(path, constants.X_OK);

/** What `#!` names in the first line of a script (execve(2)). A file that cannot be read has none to see. */
function interpreterOf(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const start = Buffer.alloc(256);
    const text = start.toString('utf8', 0, readSync(file, start));
    return /^#![ \t]*([^ \t\n]+)/.exec(text)?.[1];
  } finally {
    closeSync(file);
  }
}

const SECURE = 'ld.so runs it in secure mode, in which it ignores LD_DEBUG (ld.so(8))';

function whyNotTraceable(path: string, context: SystemTargets): string | undefined {
  const { mode } = statSync(path);
  if ((mode & 0o4000) !== 0) return `a set-user-ID program: ${SECURE}`;
  // Without the group's execute bit it marks a file for mandatory locking.
  if ((mode & 0o2010) === 0o2010) return `a set-group-ID program: ${SECURE}`;
  const capabilities = capabilitiesOf(path);
  if (capabilities !== undefined) return `a program with capabilities (${capabilities}): ${SECURE}`;
  const target = context.openTarget(path);
  switch (target.kind) {
    case 'unreadable':
      return target.message;
    case 'dynamic': {
      const { interpreter } = target.object;
      if (interpreter === undefined) return 'names no dynamic loader: there is nothing to trace';
      return heedsDebug(interpreter) ? undefined : `its loader is ${interpreter}, which knows no LD_DEBUG`;
    }
    case 'static':
      return `${target.what}: no dynamic loader, nothing to trace`;
    default:
      return target.what;
  }
}

/** musl's loader and Bionic's linker have other means, or none. */
const heedsDebug = (interpreter: string): boolean => !/^(ld-musl|linker(64)?$)/.test(basename(interpreter));

/** capabilities(7) of a file, as getcap(8) tells; Node cannot read extended attributes, and not all have getcap. */
function capabilitiesOf(path: string): string | undefined {
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' };
  const { status, stdout } = spawnSync('getcap', [path], { env, encoding: 'utf8' });
  if (status !== 0 || !stdout.startsWith(path)) return undefined;
  const told = stdout
    .slice(path.length)
    .replace(/^ =? ?/, '')
    .trim();
  return told === '' ? undefined : told;
}
