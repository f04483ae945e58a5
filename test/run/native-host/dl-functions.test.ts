import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RTLD } from '../../../src/run/dl/backend.ts';
import { BadAddress, Closed, DlError } from '../../../src/run/dl/errors.ts';
import { type HostBackend, startHost } from '../../../src/run/native-host/start-host.ts';
import { hasTools } from '../../support/tools.ts';
import { bytes, checkCalls, integer, text } from './call-checks.ts';
import { buildLibraries, type Libraries } from './libraries.ts';

const hasCompiler = hasTools('cc');

describe.skipIf(!hasCompiler)('the host does', () => {
  let libraries: Libraries;
  let host: HostBackend;

  beforeAll(async () => {
    libraries = buildLibraries(['calls', 'at-end', 'versions']);
    host = await startHost({ timeLimit: 20 });
  });
  afterAll(async () => {
    await host[Symbol.asyncDispose]();
    libraries[Symbol.dispose]();
  });
  const open = (name: string, flags: number = RTLD.NOW) => host.open({ file: libraries.path(name), flags });

  test('calls with every kind of argument and result', () => checkCalls(host, libraries.path('calls')));

  test('dlopen, with what it refuses in its own words', async () => {
    const refused = host.open({ file: 'libmissing.so', flags: RTLD.NOW });
    await expect(refused).rejects.toThrow(DlError);
    await expect(refused).rejects.toThrow(
      'libmissing.so: cannot open shared object file: No such file or directory',
    );
    await expect(host.open({ file: libraries.path('calls'), flags: 0 })).rejects.toThrow('invalid mode');
    await expect(host.open({ file: 'a\0b', flags: RTLD.NOW })).rejects.toThrow(RangeError);
  });

  test('RTLD_NOLOAD, RTLD_GLOBAL and RTLD_DEFAULT', async () => {
    const file = libraries.path('at-end');
    await expect(host.open({ file, flags: RTLD.NOW | RTLD.NOLOAD })).rejects.toThrow(
      `dlopen of ${file}: it is not loaded`,
    );
    const handle = await host.open({ file, flags: RTLD.NOW });
    await expect(host.symbol('default', 'here')).rejects.toThrow('undefined symbol: here');
    expect(await host.open({ file, flags: RTLD.NOW | RTLD.NOLOAD | RTLD.GLOBAL })).toBe(handle);
    await host.close(handle);
    expect((await host.linkMap()).map(({ name }) => name)).toContain(file);
    await host.close(handle);
    expect((await host.linkMap()).map(({ name }) => name)).not.toContain(file);
    const again = await host.open({ file, flags: RTLD.NOW | RTLD.GLOBAL });
    expect(await host.symbol('default', 'here')).toBe(await host.symbol(again, 'here'));
  });

  test('RTLD_NEXT, seen from the program, and the program itself', async () => {
    const program = await host.open({ file: null, flags: RTLD.LAZY });
    expect(await host.symbol('next', 'malloc')).toBe(await host.symbol(program, 'malloc'));
    await expect(host.symbol(program, 'main')).rejects.toThrow('undefined symbol: main');
  });

  test('dlvsym', async () => {
    const handle = await open('versions');
    const answer = async (version?: string) =>
      (await host.call(await host.symbol(handle, 'answer', version), [], 'integer')).value;
    expect([await answer('V1'), await answer('V2'), await answer()]).toEqual([1n, 2n, 2n]);
    await expect(host.symbol(handle, 'answer', 'V3')).rejects.toThrow('undefined symbol: answer, version V3');
  });

  test('dlmopen: a namespace has variables of its own', async () => {
    const file = libraries.path('calls');
    const base = await open('calls');
    const other = await host.open({ file, flags: RTLD.NOW, namespace: 'new' });
    const { namespace } = await host.handleInfo(other);
    expect(namespace).toBeGreaterThan(0n);
    expect((await host.handleInfo(base)).namespace).toBe(0n);
    expect(await host.open({ file, flags: RTLD.NOW, namespace: namespace! })).toBe(other);
    expect(await host.symbol(other, 'counter')).not.toBe(await host.symbol(base, 'counter'));
    const names = (await host.linkMap(other)).map(({ name }) => name);
    expect(names).toContain(file);
    expect(names).not.toContain('');
  });

  test('dladdr1: the object, the symbol and its entry', async () => {
    const handle = await open('calls');
    const address = await host.symbol(handle, 'sum');
    const info = await host.addressInfo(address + 1n);
    const { linkMap } = await host.handleInfo(handle);
    expect(info).toMatchObject({ object: libraries.path('calls'), base: linkMap.base });
    expect(info!.symbol).toMatchObject({ name: 'sum', address, info: 0x12, other: 0 });
    expect(info!.symbol!.size).toBeGreaterThan(1n);
    expect(await host.addressInfo(0x10n)).toBeUndefined();
  });

  test('dlinfo', async () => {
    const info = await host.handleInfo(await open('calls'));
    expect(info.origin).toBe(libraries.directory);
    expect(info.linkMap.name).toBe(libraries.path('calls'));
    expect(info.searchPath!.length).toBeGreaterThan(0);
    expect(info.tlsModule).toBeGreaterThan(0n);
  });

  test('dl_iterate_phdr, with counters that count', async () => {
    // In a process of its own: a library that RTLD_DEFAULT has found once stays.
    await using host = await startHost();
    const before = await host.images();
    const handle = await host.open({ file: libraries.path('at-end'), flags: RTLD.NOW });
    const during = await host.images();
    const { linkMap } = await host.handleInfo(handle);
    await host.close(handle);
    const after = await host.images();
    expect([during.added - before.added, during.removed - before.removed]).toEqual([1n, 0n]);
    expect([after.added - before.added, after.removed - before.removed]).toEqual([1n, 1n]);
    const image = during.images.find(({ name }) => name === libraries.path('at-end'))!;
    const dynamic = image.segments.find(({ type }) => type === 2)!;
    expect(linkMap.dynamic - linkMap.base).toBe(dynamic.address);
    expect(after.images.map(({ name }) => name)).not.toContain(libraries.path('at-end'));
  });

  test('memory: what is not there is told and survived', async () => {
    const size = 3 * 4096 + 5;
    const address = await host.allocate(size);
    const written = Uint8Array.from({ length: size }, (_, index) => (index * 7) & 0xff);
    await host.write(address, written);
    expect(await host.read(address, size)).toEqual(written);
    await host.write(address, Buffer.from('häppy\0'));
    expect(await host.readString(address)).toBe('häppy');
    await host.free(address);
    expect(await host.read(address, 0)).toEqual(new Uint8Array(0));

    await expect(host.read(0x10n, 4)).rejects.toThrow(BadAddress);
    await expect(host.read(0x10n, 4)).rejects.toThrow('reading 4 bytes at 0x10: nothing at address 0x10');
    await expect(host.write(0x10n, written)).rejects.toThrow(BadAddress);
    await expect(host.readString(0x10n)).rejects.toThrow(BadAddress);
    await expect(host.read(0xffff_ffff_ffff_fff8n, 16)).rejects.toThrow(BadAddress);
    const code = await host.symbol(await open('calls'), 'sum');
    await expect(host.write(code, written)).rejects.toThrow(BadAddress);
    expect(await host.read(code, 4)).toHaveLength(4);
  });

  test('memory that ends in the middle of what is wanted', async () => {
    const mmap = await host.symbol('default', 'mmap');
    const munmap = await host.symbol('default', 'munmap');
    const wish = [0, 3 * 4096, 3, 0x22, -1, 0].map(integer);
    const start = (await host.call(mmap, wish, 'integer')).value as bigint;
    await host.call(munmap, [integer(start + 8192n), integer(4096)], 'integer');
    await host.write(start + 8190n, Buffer.from('xy'));
    await expect(host.read(start + 4096n, 5000)).rejects.toThrow(
      `nothing at address 0x${(start + 8192n).toString(16)}`,
    );
    await expect(host.write(start + 8190n, Buffer.from('abc'))).rejects.toThrow(BadAddress);
    await expect(host.readString(start + 8190n)).rejects.toThrow(BadAddress);
    expect(Buffer.from(await host.read(start + 8190n, 2)).toString()).toBe('ab');
  });

  test('many requests at once, answered in order; large ones among them', async () => {
    const handle = await open('calls');
    const sum = await host.symbol(handle, 'sum');
    const large = await host.allocate(1 << 20);
    const results = await Promise.all(
      Array.from({ length: 20_000 }, async (_, index) => {
        if (index % 4000 === 0) return (await host.read(large, 1 << 20)).length;
        return (await host.call(sum, [integer(index)], 'integer')).value;
      }),
    );
    expect(results).toEqual(
      Array.from({ length: 20_000 }, (_, index) => (index % 4000 === 0 ? 1 << 20 : BigInt(index))),
    );
    await host.free(large);
  });

  test('no call with more arguments than registers', async () => {
    const sum = await host.symbol(await open('calls'), 'sum');
    const seven = Array.from({ length: 7 }, () => integer(1));
    await expect(host.call(sum, seven, 'integer')).rejects.toThrow(
      'at most 6 integers, pointers and buffers and 8 floating numbers',
    );
    expect((await host.call(sum, [integer(5)], 'integer')).value).toBe(5n);
  });

  test('buffers of a megabyte, there and back', async () => {
    const reverse = await host.symbol(await open('calls'), 'reverse');
    const big = Uint8Array.from({ length: 1 << 20 }, (_, index) => index & 0xff);
    const { returned } = await host.call(reverse, [bytes(big), integer(big.length)], 'integer');
    expect(returned.get(0)).toEqual(big.toReversed());
  });
});

describe.skipIf(!hasCompiler)('the process of the host', () => {
  let libraries: Libraries;
  beforeAll(() => {
    libraries = buildLibraries(['calls', 'at-end', 'auditor']);
  });
  afterAll(() => libraries[Symbol.dispose]());

  const print = async (host: HostBackend, name: string, words: string) => {
    const handle = await host.open({ file: libraries.path('calls'), flags: RTLD.NOW });
    await host.call(await host.symbol(handle, name), [text(words)], 'void');
  };

  test('keeps what foreign code prints apart from the protocol', async () => {
    const host = await startHost();
    await print(host, 'print', 'to stdout, without end');
    await print(host, 'complain', 'to stderr');
    await host[Symbol.asyncDispose]();
    expect(host.output()).toEqual({ stdout: 'to stdout, without end', stderr: 'to stderr' });
  });

  test('hands output to a listener as it comes', async () => {
    const pieces: string[] = [];
    const host = await startHost({ output: (stream, chunk) => pieces.push(`${stream}: ${chunk}`) });
    await print(host, 'print', 'hello');
    await host[Symbol.asyncDispose]();
    expect(pieces).toEqual(['stdout: hello']);
    expect(host.output()).toEqual({ stdout: '', stderr: '' });
  });

  test('gets its own environment and directory', async () => {
    const { PATH } = process.env;
    const environment = { PATH, LD_LIBRARY_PATH: libraries.directory, MINE: 'yes' };
    await using host = await startHost({ environment, workingDirectory: '/' });
    expect(await host.open({ file: 'libcalls.so', flags: RTLD.NOW })).not.toBe(0n);
    const getenv = await host.symbol('default', 'getenv');
    expect((await host.call(getenv, [text('MINE')], 'string')).value).toBe('yes');
    expect((await host.call(getenv, [text('HOME')], 'string')).value).toBeNull();
    const getcwd = await host.symbol('default', 'getcwd');
    const here = await host.call(getcwd, [bytes(new Uint8Array(9)), integer(9)], 'string');
    expect(here.value).toBe('/');
  });

  test('can be preloaded into', async () => {
    const environment = { LD_PRELOAD: libraries.path('at-end') };
    await using host = await startHost({ environment });
    expect((await host.call(await host.symbol('default', 'here'), [], 'integer')).value).toBe(1n);
  });

  test('can be audited by who opens a file', async () => {
    const log = join(libraries.directory, 'audited');
    await using host = await startHost({
      environment: { LD_AUDIT: libraries.path('auditor'), AUDIT_LOG: log },
    });
    await host.open({ file: libraries.path('calls'), flags: RTLD.NOW });
    expect(readFileSync(log, 'utf8').split('\n')).toContain(libraries.path('calls'));
  });

  test('holds nothing but the C library', async () => {
    await using host = await startHost({ environment: {} });
    const names = (await host.images()).images.map(({ name }) => name);
    expect(names.filter((name) => !/^$|vdso|\/libc\.so|\/ld-/.test(name))).toEqual([]);
    await expect(host.symbol('default', 'deflate')).rejects.toThrow('undefined symbol: deflate');
  });

  test('runs destructors only when it is asked to exit', async () => {
    const stopped = await startHost();
    await stopped.open({ file: libraries.path('at-end'), flags: RTLD.NOW });
    await stopped[Symbol.asyncDispose]();
    expect(stopped.output().stdout).toBe('');

    const host = await startHost();
    await host.open({ file: libraries.path('at-end'), flags: RTLD.NOW });
    await host.exit();
    expect(host.output().stdout).toBe('destructor\n');
    await expect(host.images()).rejects.toThrow(Closed);
    await host[Symbol.asyncDispose]();
  });

  test('is closed for good', async () => {
    const host = await startHost();
    const late = host.call(await host.symbol('default', 'pause'), [], 'integer');
    const refused = expect(late).rejects.toThrow('the host was closed');
    await host[Symbol.asyncDispose]();
    await refused;
    await expect(host.images()).rejects.toThrow(Closed);
    await host[Symbol.asyncDispose]();
  });
});
