import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClashError, clashesWithNode, openHost, openInProcess, RTLD } from '../../../src/run/dl/index.ts';
import { hasTools } from '../../support/tools.ts';
import { Workshop } from './compile.ts';

const SOURCE = `
const char *zlibVersion(void);
const char *version(void) { return zlibVersion(); }
void *place(void) { return (void *)zlibVersion; }
double cos(double);
double own(double x) { return cos(x); }
`;
const INDEX = fileURLToPath(new URL('../../../src/run/dl/index.ts', import.meta.url));

/** Whether a library with zlib in it can be linked here, and Node has a zlib of its own to offer. */
const canClash = () => {
  if (!hasTools('cc', 'nm')) return false;
  const linked = spawnSync('cc', ['-shared', '-o', '/dev/null', '-l:libz.so.1']);
  return linked.status === 0 && exported(process.execPath).includes('zlibVersion');
};

const exported = (path: string): string[] =>
  execFileSync('nm', ['-D', '--defined-only', '--format=posix', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
    .trim()
    .split('\n')
    .map((line) => line.split(/[ @]/)[0]!);

/** What the real loader binds to Node's executable when it opens a library in it: `from symbol`. */
function boundToNode(path: string, directory: string): Set<string> {
  const program = `
    import { openInProcess } from ${JSON.stringify(INDEX)};
    const here = await openInProcess({ allowClash: true });
    await here.dlopen(${JSON.stringify(path)});
  `;
  // To a file: a pipe that is full loses lines, since Node makes it non-blocking.
  const env = {
    ...process.env,
    LD_DEBUG: 'bindings',
    LD_DEBUG_OUTPUT: join(directory, 'trace'),
    NODE_OPTIONS: '',
  };
  const args = ['--input-type=module', '-e', program];
  const { status, stderr, pid } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(stderr);
  const trace = readFileSync(join(directory, `trace.${pid}`), 'utf8');
  const lines = [...trace.matchAll(/binding file (\S+) \[0\] to (\S+) \[0\]: \S+ symbol `([^']+)'/g)];
  const bound = lines.filter(([, , to]) => to === process.execPath);
  return new Set(bound.map(([, from, , symbol]) => `${basename(from!)} ${symbol}`));
}

describe.skipIf(!canClash())('a library that needs what Node has too', () => {
  let workshop: Workshop;
  let path: string;
  beforeAll(() => {
    workshop = new Workshop();
    path = workshop.library('libneedsz.so', SOURCE, '-l:libz.so.1', '-lm');
  });
  afterAll(() => workshop[Symbol.dispose]());

  it('is not opened in this process, with the reason', async () => {
    await using process = await openInProcess();
    const error = await process.dlopen(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ClashError);
    const { clashes, message } = error as ClashError;
    expect(clashes).toContainEqual({
      symbol: 'zlibVersion',
      from: path,
      meant: expect.stringContaining('libz.so.1'),
    });
    expect(message).toContain(`${path} was not opened`);
    expect((await process.images()).images.map(({ name }) => name)).not.toContain(path);
  });

  it('really gets its zlib from Node where that is allowed, and from the system elsewhere', async () => {
    await using host = await openHost();
    await using clean = await host.dlopen(path);
    const systems = await clean.call('version', 'const char *(void)');
    const place = await host.info(await clean.call<bigint>('place', 'void *(void)'));
    expect(basename(place!.object)).toContain('libz.so');

    await using here = await openInProcess({ allowClash: true });
    await using mixed = await here.dlopen(path);
    const got = await here.info(await mixed.call<bigint>('place', 'void *(void)'));
    expect(basename(got!.object)).toBe(basename(process.execPath));
    expect(await mixed.call('version', 'const char *(void)')).toContain(
      process.versions['zlib']!.split('-')[0],
    );
    // The two differ where the system's zlib is of another version, and are told apart by their place anyway.
    expect(systems).toBe(await systemVersion());
  });

  it('keeps its own with RTLD_DEEPBIND', async () => {
    expect(clashesWithNode(path, RTLD.NOW | RTLD.DEEPBIND)).toEqual([]);
    await using deep = await openInProcess();
    const copy = workshop.library('libneedsz2.so', SOURCE, '-l:libz.so.1');
    await using library = await deep.dlopen(copy, RTLD.NOW | RTLD.DEEPBIND);
    const got = await deep.info(await library.call<bigint>('place', 'void *(void)'));
    expect(basename(got!.object)).toContain('libz.so');
  });

  it('clashes in what the real loader binds to Node, and in all of that', () => {
    const clashes = new Set(clashesWithNode(path).map(({ from, symbol }) => `${basename(from)} ${symbol}`));
    const own = new Set(exported(clashesWithNode(path)[0]!.meant));
    const expected = [...boundToNode(path, workshop.directory)].filter((line) =>
      own.has(line.split(' ')[1]!),
    );
    expect([...clashes].sort()).toEqual(expected.sort());
    expect(clashes.size).toBeGreaterThan(10);
  });

  async function systemVersion(): Promise<string> {
    await using host = await openHost();
    const library = await host.dlopen('libz.so.1');
    return await library.call('zlibVersion', 'const char *(void)');
  }
});

describe('a library that needs nothing of Node', () => {
  it('has no clash', () => expect(clashesWithNode('libm.so.6')).toEqual([]));
  it('is none where it cannot be opened at all', () => expect(clashesWithNode('/absent.so')).toEqual([]));
});
