import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FormatError } from '../../src/bytes/index.ts';
import { findLines, linePrograms, lineRows, lineSections } from '../../src/dwarf/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { decompressors } from '../../src/host/decompressors.ts';
import { openFile } from '../../src/host/index.ts';
import { hasTools } from '../support/tools.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-dwarf-'));
  writeFileSync(
    join(directory, 'part.h'),
    'inline int part(int n) {\n  int s = 0;\n  for (int i = 0; i < n; i++)\n    s += i * n;\n  return s;\n}\n',
  );
  writeFileSync(
    join(directory, 'code.cpp'),
    `#include <vector>
#include "part.h"
template <class T> T sum(const std::vector<T> &all) {
  T total{};
  for (const T &one : all)
    total += one;
  return total;
}
extern "C" int calls(int n) {
  std::vector<int> all;
  while (n-- > 0) all.push_back(part(n));
  return sum(all);
}
${'\n'.repeat(300)}
extern "C" int far_down(int n) { return n == 0 ? 1 : n * far_down(n - 1); }
`,
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const built = new Set<string>();
const build = (compiler: string, ...flags: string[]): string => {
  const path = join(directory, `${compiler}${flags.join('')}.so`);
  if (built.has(path)) return path;
  built.add(path);
  execFileSync(compiler, ['-shared', '-fPIC', ...flags, '-o', path, join(directory, 'code.cpp')], {
    stdio: 'pipe',
  });
  return path;
};

function sectionsOf(path: string) {
  using source = openFile(path);
  return lineSections(new ElfFile(source), decompressors)!;
}

/** `file:line` of each address by another tool; `?` where it knows none. */
function asked(tool: string, args: readonly string[], addresses: readonly number[]): string[] {
  const input = addresses.map((address) => `0x${address.toString(16)}\n`).join('');
  const { stdout } = spawnSync(tool, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, file, number] = /^(.*?):(\d+|\?)/.exec(line) ?? [];
      return file === undefined || file === '??' || number === '?' || number === '0'
        ? '?'
        : `${basename(file)}:${number}`;
    });
}

/** Addresses within the rows of the file's own table, and some between and behind them. */
function addressesOf(path: string): number[] {
  const addresses = new Set<number>();
  for (const program of linePrograms(sectionsOf(path))) {
    for (const { address } of lineRows(program)) {
      // What a linker dropped stands at the beginning of the file.
      if (address > 0x200) for (const offset of [-1, 0, 1, 2]) addresses.add(address + offset);
    }
  }
  return [...addresses].sort((a, b) => a - b);
}

function ours(path: string, addresses: readonly number[]): string[] {
  const found = findLines(sectionsOf(path), addresses);
  return addresses.map((address) => {
    const place = found.get(address);
    return place === undefined ? '?' : `${basename(place.file)}:${place.line}`;
  });
}

const FLAGS = [
  ['-gdwarf-2', '-O1'],
  ['-gdwarf-3', '-O0'],
  ['-gdwarf-4', '-O2'],
  ['-gdwarf-5', '-O0'],
  ['-gdwarf-5', '-O2', '-gz=zlib'],
];
const COMPILERS = ['g++', 'clang++'];

/** addr2line of binutils 2.40 takes the wrong file for some rows of version 5. */
const ORACLES = [
  {
    tool: 'addr2line',
    args: (path: string) => ['-e', path],
    knows: (flags: readonly string[]) => !flags.includes('-gdwarf-5'),
  },
  {
    tool: 'llvm-symbolizer',
    args: (path: string) => ['--no-inlines', '--functions=none', '-e', path],
    knows: () => true,
  },
];

describe.each(ORACLES)('lines as $tool has them', ({ tool, args, knows }) => {
  for (const compiler of COMPILERS) {
    for (const flags of FLAGS.filter(knows)) {
      it.runIf(hasTools(compiler, tool))(`${compiler} ${flags.join(' ')}`, () => {
        const path = build(compiler, ...flags);
        const addresses = addressesOf(path);
        expect(addresses.length).toBeGreaterThan(100);
        const theirs = asked(tool, args(path), addresses);
        expect(theirs).toHaveLength(addresses.length);
        expect(theirs.filter((line) => line !== '?').length).toBeGreaterThan(100);
        const mine = ours(path, addresses);
        const differences = addresses.flatMap((address, index) =>
          mine[index] === theirs[index]
            ? []
            : [`0x${address.toString(16)}: ${mine[index]}, not ${theirs[index]}`],
        );
        expect(differences).toEqual([]);
      });
    }
  }
});

describe('damaged line tables', () => {
  it.runIf(hasTools('g++'))('are a FormatError, or what is left of them', () => {
    const sections = sectionsOf(build('g++', '-gdwarf-5', '-O2'));
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % below;
    };
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      const line = new Uint8Array(sections.line);
      for (let change = 0; change < 4; change++) line[random(line.length)] = random(256);
      const cut = line.subarray(0, round % 3 === 0 ? random(line.length) : line.length);
      const damaged = { ...sections, line: cut };
      expect(() => findLines(damaged, [0x1000, 0x1234])).not.toThrow();
      try {
        for (const program of linePrograms(damaged))
          for (const row of lineRows(program)) expect(row.address).not.toBeNaN();
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });
});
