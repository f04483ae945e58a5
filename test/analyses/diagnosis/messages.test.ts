import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { GLIBC_MESSAGES } from '../../../src/analyses/diagnosis/messages/glibc.ts';
import { MUSL_MESSAGES } from '../../../src/analyses/diagnosis/messages/musl.ts';
import { readMessage } from '../../../src/analyses/index.ts';

/** Values for the names in braces. */
const VALUES: Readonly<Record<string, string>> = {
  symbol: '_ZN3fooC1Ev',
  version: 'FOO_1.2',
  requester: '/usr/lib/libuser.so',
  file: 'libfile.so',
  type: 'R_X86_64_PC32',
  object: '/opt/libobject.so',
  reason: 'No such file or directory',
};
const filled = (text: string): string => text.replace(/\{(\w+)\}/g, (_, name: string) => VALUES[name]!);

describe('the texts of glibc', () => {
  test.each(GLIBC_MESSAGES)('$text', ({ text, cause }) => {
    for (const [before, object] of [
      ['', ''],
      ['/opt/lib: x/libobject.so: ', '/opt/lib: x/libobject.so'],
    ] as const) {
      for (const [behind, reason] of [
        ['', undefined],
        [': Permission denied', 'Permission denied'],
      ] as const) {
        const read = readMessage(`${before}${filled(text)}${behind}`);
        expect(read).toMatchObject({ cause, loader: 'glibc', object, text, reason });
        if (text.includes('{symbol}')) expect(read!.symbol).toBe(VALUES['symbol']);
        if (text.includes('{version}')) expect(read!.version).toBe(VALUES['version']);
        if (text.includes('{requester}')) expect(read!.requester).toBe(VALUES['requester']);
      }
    }
  });

  /** What this machine's release does not say: older or newer ones do, or those of other machines. */
  const ELSEWHERE = new Set([
    'ELF file data encoding not big-endian',
    'wrong ELF class: ELFCLASS64',
    'ELF load command address/offset not properly aligned',
    'ELF load command alignment not page-aligned',
    'cannot create capability list',
    'unsupported relocation type {type}',
    "symbol `{symbol}': {type} relocation overflow",
    "copy relocation against non-copyable protected symbol `{symbol}' in `{file}'",
    'invalid handle',
  ]);
  const files = ['/lib64/ld-linux-x86-64.so.2', '/lib/x86_64-linux-gnu/libc.so.6'].filter((path) =>
    existsSync(path),
  );

  test.skipIf(files.length < 2)('are those of the loader itself', () => {
    const loader = files.map((path) => readFileSync(path, 'latin1')).join('\0');
    const strange = GLIBC_MESSAGES.filter(({ text }) => !ELSEWHERE.has(text)).filter(
      ({ text }) =>
        !text
          .split(/\{\w+\}/)
          .map((part) => part.replace(/^[^a-zA-Z]+|[^a-zA-Z]+$/g, ''))
          .every((part) => loader.includes(part)),
    );
    expect(strange.map(({ text }) => text)).toEqual([]);
  });
});

describe('the texts of musl', () => {
  test.each(MUSL_MESSAGES)('$text', ({ text, cause }) => {
    const read = readMessage(filled(text));
    expect(read).toMatchObject({ cause, loader: 'musl', text });
    if (text.includes('{object}')) expect(read!.object).toBe(VALUES['object']);
    if (text.includes('{symbol}')) expect(read!.symbol).toBe(VALUES['symbol']);
    if (text.includes('(needed by')) expect(read!.requester).toBe(VALUES['requester']);
  });

  const path = '/lib/ld-musl-x86_64.so.1';
  test.skipIf(!existsSync(path))('are those of the loader itself', () => {
    const loader = readFileSync(path, 'latin1');
    const parts = MUSL_MESSAGES.flatMap(({ text }) => text.split(/\{\w+\}/)).filter(
      (part) => part.length > 2,
    );
    expect(parts.filter((part) => !loader.includes(part))).toEqual([]);
  });
});

describe('other texts', () => {
  test('of OpenHarmony', () => {
    const log =
      'relocating failed: symbol not found. dso=/data/libs/arm64/libreloc.so s=missing_one use_vna_hash=0 van_hash=0';
    expect(readMessage(log)).toMatchObject({
      cause: 'symbol',
      loader: 'ohos',
      object: '/data/libs/arm64/libreloc.so',
      symbol: 'missing_one',
    });
  });

  test('what the loader prints itself, with its occasion', () => {
    expect(readMessage('./app: symbol lookup error: ./libplug.so: undefined symbol: gone')).toMatchObject({
      cause: 'symbol',
      object: './libplug.so',
      symbol: 'gone',
    });
    expect(
      readMessage(
        "Inconsistency detected by ld.so: dl-version.c: 205: _dl_check_map_versions: Assertion `needed != NULL' failed!",
      ),
    ).toMatchObject({ cause: 'aborted' });
  });

  test('of nobody', () => expect(readMessage('the dog ate it')).toBeUndefined());
});
