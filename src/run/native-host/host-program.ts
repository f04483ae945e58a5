import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { packageRoot } from '../../host/package-root.ts';
import { type Compiler, compileFailure, defaultCompiler } from '../compiler.ts';
import { builtHost, compileHost, hostFingerprint } from './compile-host.ts';

/** The program that libraries are loaded into is not there and cannot be made; the message says what to do. */
export class HostUnavailable extends Error {
  override readonly name = 'HostUnavailable';
}

/**
 * The native host: the one that was built with solder, otherwise one that is compiled when it is first needed
 * and kept in the user's own cache. Rejects with `HostUnavailable`.
 */
export async function hostProgram(compiler: Compiler = defaultCompiler()): Promise<string> {
  const root = packageRoot();
  const built = builtHost(root);
  if (existsSync(built)) return built;
  return inCache(`host-${hostFingerprint(root, ...compiler, distribution())}`, async (output) => {
    try {
      await compileHost(root, compiler, output);
    } catch (error) {
      throw new HostUnavailable(compileFailure(compiler, 'the host program', error));
    }
  });
}

/** A file of the user's own cache, which `make` makes when it is not there. */
export async function inCache(name: string, make: (output: string) => Promise<void>): Promise<string> {
  const cached = join(privateCache(), name);
  if (!existsSync(cached)) await make(cached);
  return cached;
}

/** A program compiled elsewhere may ask for a newer C library: homes are shared between machines. */
export function distribution(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/** A folder that nobody else can put programs into. The XDG rules ignore relative paths. */
function privateCache(): string {
  const { XDG_CACHE_HOME: named = '' } = process.env;
  const folder = join(isAbsolute(named) ? named : join(homedir(), '.cache'), 'solder');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new HostUnavailable(`${folder}: ${(error as Error).message}; set XDG_CACHE_HOME to another folder`);
  }
  const { uid, mode } = statSync(folder);
  if (uid !== process.getuid!() || (mode & 0o022) !== 0) {
    throw new HostUnavailable(
      `${folder} could be written to by others, so no program is run from it: it has to be yours, with mode 700`,
    );
  }
  return folder;
}
