import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Ability, BuildStep, Command, CopyStep, Lab } from '../../model/lab.ts';
import { compilerOf } from '../compiler.ts';

/** What `cc` and `c++` stand for: a variable may hold options too, as make would have it. */
const COMPILERS: Readonly<Record<string, string>> = { cc: 'CC', 'c++': 'CXX' };

/** Where programs are found: also where ldconfig(8) is, which not everybody's PATH has. */
export const searchPath = (): string =>
  [process.env['PATH'] ?? '/usr/bin:/bin', '/usr/sbin', '/sbin'].join(delimiter);

/** Tells what a file exports. */
export const EXPORTS_TOOL = 'nm';

/** The command of a build step, whatever is expected of it. */
export function commandOf(step: Exclude<BuildStep, CopyStep>): Command {
  if ('refused' in step) return step.refused;
  return 'links' in step ? step.links : step;
}

/** Whether a program was built by the lab itself. */
export const isOfBuild = ([program]: Command): boolean => program.startsWith('./');

/** The command as it is run in `directory`: `$CC` for `cc`, and a program of the build by its full path. */
export function resolveCommand([program, ...args]: Command, directory: string): Command {
  if (program.startsWith('./')) return [resolve(directory, program), ...args];
  const variable = COMPILERS[program];
  return variable === undefined
    ? [program, ...args]
    : [...compilerOf(process.env[variable] ?? '', program), ...args];
}

/** Programs that an ability is about: without them only those variants are skipped that need it. */
const TOOLS_OF_ABILITIES: Readonly<Record<Ability, readonly string[]>> = {
  'set-user-id': [],
  'libc++': ['clang++'],
};

/** The tools that a lab needs and this machine lacks, by name. */
export function missingTools({ tools = [], variants }: Lab): string[] {
  const programs = variants.flatMap(({ build, runs, needs }) => {
    const steps = build.flatMap((step) => ('copies' in step ? [] : [commandOf(step)]));
    const known = needs === undefined ? [] : TOOLS_OF_ABILITIES[needs];
    return [...steps, ...runs.map(({ command }) => command)]
      .filter((command) => !isOfBuild(command))
      .map((command) => resolveCommand(command, '.')[0])
      .filter((tool) => !known.includes(tool));
  });
  const asksForExports = variants.some(({ runs }) =>
    runs.some(({ predicts }) => predicts.some(({ kind }) => kind === 'exports' || kind === 'script')),
  );
  return [...new Set([...tools, ...programs, ...(asksForExports ? [EXPORTS_TOOL] : [])])].filter(
    (tool) => !isInstalled(tool),
  );
}

const isInstalled = (tool: string): boolean => findTool(tool) !== undefined;

/** The file of a program. */
export function findTool(tool: string): string | undefined {
  const folders = tool.includes('/') ? [''] : searchPath().split(delimiter);
  return folders
    .map((folder) => join(folder, tool))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
