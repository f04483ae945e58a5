import { isAbsolute } from 'node:path';
import type { Ability } from '../../model/lab.ts';
import { runCommand } from '../run-command.ts';
import { cleanEnvironment } from './build-variant.ts';
import { canSetUserId } from './set-user-id.ts';
import { findTool } from './tools.ts';

/** Seconds for asking the compiler where a file is. */
const TIME_LIMIT = 10;

/** Why what a variant needs cannot be had in a directory; undefined when it can. */
export async function whyNotAble(ability: Ability, directory: string): Promise<string | undefined> {
  switch (ability) {
    case 'set-user-id':
      return (await canSetUserId(directory))
        ? undefined
        : 'no program can be made to run as another user here';
    case 'libc++':
      return whyNoLibcxx(directory);
  }
}

const LIBCXX_FILES = ['libc++.a', 'libc++abi.a', 'libc++.so'];

/** clang(1), -print-file-name: the full path of a library that is there, or else the name alone. */
async function whyNoLibcxx(directory: string): Promise<string | undefined> {
  const compiler = findTool('clang++');
  if (compiler === undefined) return 'not installed: clang++';
  for (const file of LIBCXX_FILES) {
    const { stdout } = await runCommand([compiler, `-print-file-name=${file}`], {
      workingDirectory: directory,
      environment: cleanEnvironment(),
      timeLimit: TIME_LIMIT,
    });
    if (!isAbsolute(stdout.trim())) return `not installed: ${file}`;
  }
  return undefined;
}
