import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile, SHN, symbolName } from '../../src/elf/index.ts';
import { assemble, type ElfSpec } from '../support/assembler/index.ts';
import { hasTools } from '../support/tools.ts';

const ENCODINGS = [64, 32].flatMap((width) =>
  [true, false].map((littleEndian) => ({ class: width as 32 | 64, littleEndian })),
);
const OTHERS = Array.from({ length: 400 }, (_, at) => `solder_nobody_${at}_has_this`);
const dynamicOf = (bytes: Uint8Array) => new ElfFile(memorySource(bytes)).dynamic!;

describe('the bloom filter of DT_GNU_HASH', () => {
  test.each(ENCODINGS)('holds what is exported and rules most else out: %j', (encoding) => {
    const names = ['alpha', 'beta', '_Z5gammav'];
    const spec: ElfSpec = { ...encoding, hash: 'gnu', symbols: names.map((name) => ({ name })) };
    const dynamic = dynamicOf(assemble(spec));
    expect(names.filter((name) => !dynamic.mayDefine(name))).toEqual([]);
    expect(OTHERS.filter((name) => dynamic.mayDefine(name)).length).toBeLessThan(OTHERS.length / 10);
  });

  test('says nothing of a file that has only DT_HASH', () => {
    const dynamic = dynamicOf(assemble({ hash: 'sysv', symbols: [{ name: 'alpha' }] }));
    expect(dynamic.mayDefine('alpha') && dynamic.mayDefine('beta')).toBe(true);
  });

  test.skipIf(!hasTools('cc'))('a filter that a linker made', () => {
    const path = execFileSync('cc', ['-print-file-name=libc.so.6'], { encoding: 'utf8' }).trim();
    const dynamic = dynamicOf(readFileSync(path));
    const { symbols, firstHashedSymbol } = dynamic;
    let exported = 0;
    for (let index = firstHashedSymbol; index < symbols.count; index++) {
      if (symbols.section[index] === SHN.UNDEF) continue;
      exported++;
      expect(dynamic.mayDefine(symbolName(symbols, index))).toBe(true);
    }
    expect(exported).toBeGreaterThan(1000);
    expect(OTHERS.filter((name) => dynamic.mayDefine(name)).length).toBeLessThan(OTHERS.length / 4);
  });
});
