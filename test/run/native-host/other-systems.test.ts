import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RTLD } from '../../../src/run/dl/backend.ts';
import { compileHost } from '../../../src/run/native-host/compile-host.ts';
import { startHost } from '../../../src/run/native-host/start-host.ts';
import { type Scratch, scratchDirectory } from '../../../src/run/scratch.ts';
import { hasTools } from '../../support/tools.ts';
import { checkCalls, integer } from './call-checks.ts';
import { buildLibraries, type Libraries } from './libraries.ts';

const ROOT = new URL('../../../', import.meta.url);
const AARCH64 = '/usr/aarch64-linux-gnu';

/** The second column of `readelf -d` and the names of defined symbols of the dynamic table. */
function needed(path: string): string[] {
  const text = execFileSync('readelf', ['-d', '-W', path], { encoding: 'utf8' });
  return [...text.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name!);
}

function exported(path: string): string[] {
  const text = execFileSync('readelf', ['--dyn-syms', '-W', path], { encoding: 'utf8' });
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([number, , , , binding, , section]) => number !== 'Num:' && binding !== 'LOCAL' && section !== 'UND',
    )
    .flatMap(([, , , , , , , name]) => name ?? []);
}

describe.each([
  { name: 'glibc', compiler: 'cc', emulator: [] as string[], libc: ['libc.so.6'], exports: [] as string[] },
  // musl's libc.so calls these of the program itself.
  { name: 'musl', compiler: 'musl-gcc', emulator: [], libc: ['libc.so'], exports: ['_fini', '_init'] },
  {
    name: 'aarch64',
    compiler: 'aarch64-linux-gnu-gcc',
    emulator: ['qemu-aarch64-static', '-L', AARCH64],
    libc: ['libc.so.6'],
    exports: [],
  },
])('a host for $name', ({ name, compiler, emulator, libc, exports }) => {
  const isThere =
    hasTools(compiler, 'readelf', ...emulator.slice(0, 1)) && (name !== 'aarch64' || existsSync(AARCH64));
  let scratch: Scratch;
  let libraries: Libraries;
  let program: string;
  const start = () => {
    const [first = program, ...rest] = [...emulator, program];
    return startHost({ command: [first, ...rest], timeLimit: 20 });
  };

  beforeAll(async () => {
    if (!isThere) return;
    scratch = scratchDirectory('other-host');
    program = join(scratch.directory, 'host');
    await compileHost(ROOT, [compiler], program);
    libraries = buildLibraries(['calls', 'deadly', 'at-end'], compiler);
  });
  afterAll(() => {
    scratch?.[Symbol.dispose]();
    libraries?.[Symbol.dispose]();
  });

  test.skipIf(!isThere)('needs the C library alone and exports nothing', () => {
    expect(needed(program)).toEqual(libc);
    expect(exported(program).sort()).toEqual(exports);
  });

  test.skipIf(!isThere)('calls functions', async () => {
    await using host = await start();
    await checkCalls(host, libraries.path('calls'));
  });

  test.skipIf(!isThere)('looks around, and says what its C library lacks', async () => {
    await using host = await start();
    const file = libraries.path('at-end');
    const handle = await host.open({ file, flags: RTLD.NOW });
    const { images } = await host.images();
    const image = images.find((candidate) => candidate.name === file)!;
    const info = await host.handleInfo(handle);
    expect(info.linkMap).toMatchObject({ name: file, base: image.base });
    expect((await host.linkMap()).map((entry) => entry.name)).toContain(file);
    const here = await host.symbol(handle, 'here');
    expect(await host.addressInfo(here)).toMatchObject({
      object: file,
      symbol: { name: 'here', address: here },
    });
    await expect(host.read(0x10n, 1)).rejects.toThrow('nothing at address 0x10');
    await expect(host.write(0x10n, new Uint8Array(2))).rejects.toThrow('nothing at address 0x10');
    expect(await host.read(here, 4)).toHaveLength(4);
    if (name !== 'musl') return;
    expect(info).toMatchObject({ namespace: undefined, origin: undefined, searchPath: undefined });
    await expect(host.symbol(handle, 'here', 'V1')).rejects.toThrow('this C library has no dlvsym');
    await expect(host.open({ file, flags: RTLD.NOW, namespace: 'new' })).rejects.toThrow(
      'this C library has no dlmopen',
    );
  });

  test.skipIf(!isThere).each([
    ['poke', 0x10, /^SIGSEGV at address 0x10 in poke\+0x\w+ of libdeadly\.so during a call of poke$/],
    ['give_up', 0, /^SIGABRT in .*, called from give_up\+0x\w+ of libdeadly\.so, during a call of give_up$/],
    [
      'leave',
      3,
      /^called exit with status 3, called from leave\+0x\w+ of libdeadly\.so, during a call of leave$/,
    ],
    ['close_all', 0, /^closed file descriptors that were not its own/],
  ])('tells how it died: %s', async (function_, argument, message) => {
    await using host = await start();
    const handle = await host.open({ file: libraries.path('deadly'), flags: RTLD.NOW });
    const address = await host.symbol(handle, function_);
    await expect(host.call(address, [integer(argument)], 'integer')).rejects.toThrow(message);
  });
});
