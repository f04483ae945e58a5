import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compare } from './agreement.ts';
import { hasTool, namesIn } from './tools.ts';

/** Libraries with many C++ names, and one with Rust names; those that are installed are compared. */
const SONAMES = [
  'libstdc++.so.6',
  'libLLVM-14.so.1',
  'libclang-cpp.so.14',
  'librsvg-2.so.2',
  'libicuuc.so.72',
];

function installed(): string[] {
  const cache = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' });
  return SONAMES.flatMap((soname) => {
    const line = cache.split('\n').find((entry) => entry.trim().startsWith(`${soname} `));
    const path = line?.split(' => ')[1];
    return path !== undefined && existsSync(path) ? [path] : [];
  });
}

describe('names of installed libraries', () => {
  const names = [...new Set(installed().flatMap(namesIn))];

  test('are enough to compare; the system verification compares all there are', () => {
    expect(names.length).toBeGreaterThan(4_000);
  });

  for (const style of ['gnu', 'llvm'] as const) {
    test.skipIf(!hasTool(style))(`agree with the tool, ${style}`, () => {
      const agreement = compare(style, names);
      expect(agreement.differences).toEqual([]);
      expect(agreement.unchanged).toBeLessThan(names.length / 100);
    });
  }
});
