import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whyNotAble } from '../../src/run/labs/abilities.ts';
import { missingTools } from '../../src/run/labs/tools.ts';
import { LAB, VARIANT } from './planted.ts';

let directory: string;

/** A compiler that knows of some files only. */
function installCompiler(...known: string[]): void {
  const answers = known.map((file) => `-print-file-name=${file}) echo /usr/lib/${file};;`).join(' ');
  const path = join(directory, 'clang++');
  writeFileSync(path, `#!/bin/sh\ncase "$1" in ${answers} *) echo "\${1#*=}";; esac\n`);
  chmodSync(path, 0o755);
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-abilities-'));
  vi.stubEnv('PATH', directory);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

it("names what is missing of LLVM's C++ library", async () => {
  expect(await whyNotAble('libc++', directory)).toBe('not installed: clang++');
  installCompiler('libc++.so', 'libc++.a');
  expect(await whyNotAble('libc++', directory)).toBe('not installed: libc++abi.a');
  installCompiler('libc++.so', 'libc++.a', 'libc++abi.a');
  expect(await whyNotAble('libc++', directory)).toBeUndefined();
});

it('skips only the variants that are about a compiler that is missing', () => {
  const build = [['clang++', '-o', 'app', 'app.cpp']] as const;
  const variant = { ...VARIANT, build };
  expect(missingTools({ ...LAB, variants: [variant] })).toEqual(['clang++']);
  expect(missingTools({ ...LAB, variants: [{ ...variant, needs: 'libc++' }] })).toEqual([]);
});
