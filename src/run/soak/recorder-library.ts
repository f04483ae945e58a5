import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../host/package-root.ts';
import { type Compiler, compile, compileFailure, defaultCompiler } from '../compiler.ts';
import { distribution, HostUnavailable, inCache } from '../native-host/host-program.ts';

/** Its functions stand before those of the C library; nothing else of it is seen. */
const FLAGS = [
  ...['-std=c11', '-D_GNU_SOURCE', '-U_FORTIFY_SOURCE', '-O2', '-fPIC', '-fvisibility=hidden'],
  ...['-shared', '-Wl,-z,now,-z,relro,-z,noexecstack,--as-needed'],
];
const LIBRARIES = ['-ldl', '-lpthread'];

function sourceFiles(root: URL): string[] {
  const folder = fileURLToPath(new URL('native/recorder/', root));
  return readdirSync(folder)
    .sort()
    .map((name) => folder + name);
}

function fingerprint(root: URL, ...others: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, LIBRARIES, process.arch, ...others]));
  for (const path of sourceFiles(root)) hash.update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

/** Where the build puts the library that fits the sources. */
export const builtRecorder = (root: URL): string =>
  fileURLToPath(new URL(`dist/native/recorder-${fingerprint(root)}.so`, root));

/** Compiles the recorder into a file. Rejects with what execFile says. */
export async function compileRecorder(root: URL, compiler: Compiler, output: string): Promise<void> {
  const sources = sourceFiles(root).filter((path) => path.endsWith('.c'));
  await compile(compiler, [...FLAGS, ...sources, ...LIBRARIES], output);
}

/**
 * The library that records who makes what (native/recorder): the one that was built with solder, otherwise one
 * from the user's cache. Rejects with `HostUnavailable`.
 */
export async function recorderLibrary(): Promise<string> {
  const root = packageRoot();
  const built = builtRecorder(root);
  if (existsSync(built)) return built;
  const compiler = defaultCompiler();
  return inCache(`recorder-${fingerprint(root, ...compiler, distribution())}.so`, async (output) => {
    try {
      await compileRecorder(root, compiler, output);
    } catch (error) {
      throw new HostUnavailable(compileFailure(compiler, 'the recorder', error));
    }
  });
}
