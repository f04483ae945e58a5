import { existsSync, readFileSync } from 'node:fs';
import { arch } from 'node:process';
import { describe, expect, test } from 'vitest';
import { findSystemDirectories, loaderSettings, NO_SYSROOT, sysrootAt } from '../../src/host/index.ts';
import { LOADER } from '../oracle/ld-so.ts';
import { Farm } from './farm.ts';
import { X86_64 } from './literals.ts';

const noLoader = arch !== 'x64' || !existsSync(LOADER);

describe.skipIf(noLoader)('what the loader says of itself', () => {
  const asked = loaderSettings(NO_SYSROOT, X86_64);

  test('is what its file holds', () => {
    const read = loaderSettings(sysrootAt('/'), X86_64);
    expect(read.version).toBe(asked.version);
    expect(read.systemDirectories).toEqual(asked.systemDirectories);
    expect(read.platform).toBe(asked.platform);
    expect(read.lib).toBe(asked.lib);
    expect(read.loaderPath).toBe(asked.loaderPath);
    expect(findSystemDirectories(readFileSync(LOADER))).toEqual(asked.systemDirectories);
  });

  test('names directories with their final slash and features best first', () => {
    expect(asked.systemDirectories.length).toBeGreaterThan(0);
    expect(asked.systemDirectories.every((directory) => /^\/.*\/$/.test(directory))).toBe(true);
    expect(asked.hwcaps).toEqual(
      ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'].filter((name) => asked.hwcaps.includes(name)),
    );
    expect(asked.version).toBeGreaterThan(2000);
  });
});

describe('a system without a loader', () => {
  test('gets the usual directories', () => {
    using farm = new Farm();
    const settings = loaderSettings(sysrootAt(farm.directory), X86_64);
    expect(settings.systemDirectories).toEqual(['/lib/', '/usr/lib/']);
    expect(settings.preloads).toEqual([]);
    expect(settings.cache.size).toBe(0);
  });

  test('/etc/ld.so.preload', () => {
    using farm = new Farm();
    farm.write(
      'etc/ld.so.preload',
      '# a comment: libnot.so\nliba.so /lib/libb.so:libc.so\t# more\n\nlibd.so',
    );
    const { preloads } = loaderSettings(sysrootAt(farm.directory), X86_64);
    expect(preloads).toEqual(['liba.so', '/lib/libb.so', 'libc.so', 'libd.so']);
  });
});

describe('directories in a file', () => {
  test.each([
    ['\0/lib/x86_64-linux-gnu/\0/usr/lib/\0/etc/\0', ['/lib/x86_64-linux-gnu/', '/usr/lib/']],
    ['/lib64/\0/usr/lib64/\0x/lib/\0', ['/lib64/', '/usr/lib64/']],
    ['/lib/\0junk/lib/\0/usr/lib/\0', ['/lib/', '/usr/lib/']],
    ['nothing', []],
  ])('%j', (text, expected) => {
    expect(findSystemDirectories(new TextEncoder().encode(text))).toEqual(expected);
  });
});
