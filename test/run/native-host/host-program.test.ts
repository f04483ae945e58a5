import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtHost } from '../../../src/run/native-host/compile-host.ts';
import { hasTools } from '../../support/tools.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** A package of only the sources, as it is before a build, which finds its host or says why not. */
function findHost(root: string, environment: NodeJS.ProcessEnv): { stdout: string; stderr: string } {
  const script = `
    const { hostProgram } = await import('${root}/src/run/native-host/host-program.ts');
    try { console.log(await hostProgram()); } catch (error) { console.error(error.name + ': ' + error.message); }`;
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });
  return { stdout: result.stdout.trim(), stderr: result.stderr.trim() };
}

describe('the host program', () => {
  let scratch: string;
  let root: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'solder-host-'));
    root = join(scratch, 'package');
    mkdirSync(root);
    for (const part of ['package.json', 'src', 'native']) {
      spawnSync('cp', ['-r', join(ROOT, part), root]);
    }
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  test.skipIf(!hasTools('cc'))('is compiled once, into a folder that is private', () => {
    const environment = { XDG_CACHE_HOME: join(scratch, 'cache') };
    const { stdout } = findHost(root, environment);
    expect(stdout).toMatch(new RegExp(`^${scratch}/cache/solder/host-[0-9a-f]{16}$`));
    expect(statSync(join(scratch, 'cache/solder')).mode & 0o777).toBe(0o700);
    const first = statSync(stdout);
    expect(findHost(root, environment).stdout).toBe(stdout);
    expect(statSync(stdout).mtimeMs).toBe(first.mtimeMs);
    expect(readdirSync(join(scratch, 'cache/solder'))).toHaveLength(1);
    const other = findHost(root, { ...environment, CC: 'cc -O1' }).stdout;
    expect(other).not.toBe(stdout);
  });

  test.skipIf(!hasTools('cc'))('is not taken from a folder that others may write to', () => {
    const cache = join(scratch, 'cache/solder');
    mkdirSync(cache, { recursive: true });
    chmodSync(cache, 0o777);
    expect(findHost(root, { XDG_CACHE_HOME: join(scratch, 'cache') }).stderr).toBe(
      `HostUnavailable: ${cache} could be written to by others, so no program is run from it: it has to be yours, with mode 700`,
    );
  });

  test('without a compiler says what to install', () => {
    const environment = { XDG_CACHE_HOME: join(scratch, 'cache'), CC: 'no-such-compiler' };
    expect(findHost(root, environment).stderr).toBe(
      'HostUnavailable: the host program has to be compiled and there is no no-such-compiler: install a C compiler (Debian: gcc and libc6-dev), or set CC',
    );
    expect(readdirSync(join(scratch, 'cache/solder'))).toEqual([]);
  });

  test.skipIf(!hasTools('cc'))('that cannot be compiled says why', () => {
    // The compiler's own headers without those of the C library.
    const { stdout } = spawnSync('cc', ['-print-file-name=include'], { encoding: 'utf8' });
    const compiler = `cc -nostdinc -isystem ${stdout.trim()}`;
    const environment = { XDG_CACHE_HOME: join(scratch, 'cache'), CC: compiler };
    expect(findHost(root, environment).stderr).toMatch(
      /^HostUnavailable: the host program cannot be compiled with cc: .*error: .*\.h.* \(Debian: install libc6-dev\)$/,
    );
  });

  test('that was built is preferred', () => {
    const built = builtHost(new URL(`file://${root}/`));
    mkdirSync(join(root, 'dist/native'), { recursive: true });
    spawnSync('touch', [built]);
    expect(findHost(root, { CC: 'no-such-compiler' }).stdout).toBe(built);
  });
});
