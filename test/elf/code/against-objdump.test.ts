import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../src/bytes/index.ts';
import { readCodeMap } from '../../../src/elf/code/index.ts';
import { decodeInstruction, type Instruction } from '../../../src/elf/code/x86-64-length.ts';
import { ElfFile } from '../../../src/elf/index.ts';
import { hasTools } from '../../support/tools.ts';

const LIBRARIES = ['libz.so.1', 'libm.so.6', 'libstdc++.so.6', 'libc.so.6', 'libgcc_s.so.1']
  .map((name) => join('/lib/x86_64-linux-gnu', name))
  .concat('/usr/lib/x86_64-linux-gnu/libstdc++.so.6')
  .filter((path) => existsSync(path));

interface Line {
  readonly address: number;
  readonly bytes: number;
  readonly text: string;
}

/** The instructions that a disassembler of binutils sees, function by function where it knows them. */
function disassemble(tool: string, path: string): Line[] {
  const { stdout } = spawnSync(tool, ['-d', '-w', '--insn-width=16', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  return stdout.split('\n').flatMap((line) => {
    const match = /^\s*([0-9a-f]+):\t([0-9a-f ]+?)\s*(?:\t(.*))?$/.exec(line);
    if (match === null) return [];
    const words = match[2]!.trim().split(/\s+/);
    const bytes = words.reduce((sum, word) => sum + word.length / 2, 0);
    return [{ address: Number.parseInt(match[1]!, 16), bytes, text: match[3] ?? '' }];
  });
}

/** Padding, data among code, and pairs of instructions that objdump writes as one: a wait and what waits. */
const isPadding = ({ text }: Line) =>
  /^(nop|data16|cs nop|xchg %ax,%ax|int3|\.byte|fst[cs]w|fstenv|fsave|finit|fclex)|\(bad\)/.test(text) ||
  text === '';

describe.skipIf(!hasTools('objdump'))('the length of x86-64 instructions', () => {
  it.each(LIBRARIES)('is what objdump says: %s', (path) => {
    const file = new ElfFile(memorySource(readFileSync(path)));
    const into = {} as Instruction;
    const differences: string[] = [];
    let compared = 0;
    for (const line of disassemble('objdump', path)) {
      if (isPadding(line)) continue;
      const segment = file.segments.find(
        ({ vaddr, fileSize }) => line.address >= Number(vaddr) && line.address < Number(vaddr) + fileSize,
      )!;
      const at = line.address - Number(segment.vaddr) + segment.offset;
      const bytes = file.source.read(at, Math.min(16, file.source.size - at), 'code');
      decodeInstruction(bytes, 0, bytes.length, into);
      compared++;
      if (into.length !== line.bytes) differences.push(`${line.address.toString(16)}: ${line.text}`);
    }
    expect(compared).toBeGreaterThan(1000);
    expect(differences).toEqual([]);
  });
});

/** How often each import is called or jumped to through the PLT, leaving out the PLT itself. */
function pltCalls(lines: readonly Line[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { text } of lines) {
    const name =
      /^(?:(?:bnd|notrack|data16|rex(?:\.\w+)?) )*(?:call|jmp|bl|b)q?\s+[0-9a-f]+ <([^>+]+)@plt>/.exec(
        text,
      )?.[1];
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort());
}

/** The same by the code map; `names` are the imports that objdump found called through the PLT. */
function mappedCalls(path: string, names: ReadonlySet<string>): Record<string, number> {
  const file = new ElfFile(memorySource(readFileSync(path)));
  const map = readCodeMap(file, (name) => names.has(name))!;
  const section = (name: string) => file.section(name);
  const plt = ['.plt', '.plt.sec', '.plt.got'].flatMap((name) => section(name) ?? []);
  const isPlt = (at: number) =>
    plt.some(({ address, size }) => at >= Number(address) && at < Number(address) + size);
  const counts = new Map<string, number>();
  for (const { imports } of map.functions.values()) {
    for (const { name, at } of imports) if (!isPlt(at)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort());
}

function compareCalls(tool: string, path: string): void {
  const file = new ElfFile(memorySource(readFileSync(path)));
  const { symbols } = file.dynamic!;
  // A name of the PLT that the file itself defines is a call within the file.
  const own = new Set<string>();
  for (let index = 1; index < symbols.count; index++) {
    if (symbols.section[index] !== 0) own.add(symbols.names.at(symbols.nameOffset[index]!));
  }
  const expected = Object.fromEntries(
    Object.entries(pltCalls(disassemble(tool, path))).filter(([name]) => !own.has(name)),
  );
  expect(Object.keys(expected).length).toBeGreaterThan(1);
  expect(mappedCalls(path, new Set(Object.keys(expected)))).toEqual(expected);
}

describe.skipIf(!hasTools('objdump'))('calls of imports in x86-64 code', () => {
  it.each(LIBRARIES.filter((path) => !/libc\.so/.test(path)))('are what objdump says: %s', (path) =>
    compareCalls('objdump', path),
  );
});

const SOURCE = `#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static pthread_key_t key;
static void drop(void *p) { free(p); }
static void make(void) { pthread_key_create(&key, drop); }
static pthread_once_t once = PTHREAD_ONCE_INIT;
void run(int n) { pthread_once(&once, make); for (int i = 0; i < n; i++) printf("%d\\n", rand()); }
void stop(void) { pthread_key_delete(key); fflush(stdout); }
int tail(void) { return rand(); }
`;

describe.skipIf(!hasTools('aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-objdump'))('AArch64 code', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'solder-code-'));
    writeFileSync(join(directory, 'a.c'), SOURCE);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const build = (name: string, ...options: string[]): string => {
    const path = join(directory, name);
    const args = ['-shared', '-fPIC', ...options, '-o', path, join(directory, 'a.c')];
    const { stderr, status } = spawnSync('aarch64-linux-gnu-gcc', args, { encoding: 'utf8' });
    expect([status, status === 0 || stderr]).toEqual([0, true]);
    return path;
  };

  it.each([[['-O0']], [['-O2']], [['-Os', '-mbranch-protection=standard', '-Wl,-z,force-bti']]])(
    'calls what objdump says: %j',
    (options) => compareCalls('aarch64-linux-gnu-objdump', build('liba.so', ...options)),
  );

  it('tells arguments and loops', () => {
    const path = build('libargs.so', '-O2', '-fno-plt');
    const map = readCodeMap(new ElfFile(memorySource(readFileSync(path))), () => true)!;
    const calls = [...map.functions.values()].flatMap(({ imports }) => imports);
    const one = (name: string) => calls.find((call) => call.name === name)!;
    const [made, deleted] = [one('pthread_key_create'), one('pthread_key_delete')];
    expect(made.args.slice(0, 2)).toEqual([
      { kind: 'address', address: expect.any(Number) },
      { kind: 'address', address: expect.any(Number) },
    ]);
    const variable = made.args[0]!.kind === 'address' ? made.args[0]!.address : undefined;
    expect(deleted.args[0]).toEqual({ kind: 'content', of: variable });
    expect(
      calls
        .filter(({ name }) => name === 'rand')
        .map(({ inLoop }) => inLoop)
        .sort(),
    ).toEqual([false, true]);
    expect(made.inLoop).toBe(false);
  });
});
