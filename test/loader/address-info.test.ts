import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { symbolName } from '../../src/elf/index.ts';
import { loadContext } from '../../src/host/index.ts';
import { nearestSymbol } from '../../src/loader/index.ts';
import type { DynamicObject } from '../../src/model/index.ts';
import { Farm, noOracle } from './farm.ts';

/** Tells what dladdr(3) says of every STEP-th byte of a library, where that changes. */
const ASK = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv) {
  struct link_map *map = dlopen(argv[1], RTLD_LAZY);
  if (map == NULL) return puts(dlerror());
  long step = atol(argv[2]), size = strtol(argv[3], NULL, 0);
  for (long at = 0; at < size; at += step) {
    Dl_info info;
    if (!dladdr((char *)map->l_addr + at, &info) || (long)info.dli_fbase != map->l_addr) continue;
    long value = info.dli_sname ? (char *)info.dli_saddr - (char *)map->l_addr : 0;
    printf("%lx %s %lx\\n", at, info.dli_sname ? info.dli_sname : "-", value);
  }
}`;

/** Sizes, none, overlaps, aliases, and bindings of every sort. */
const SOURCE = `
short table[5] = {1, 2, 3, 4, 5};
extern short alias[5] __attribute__((alias("table")));
extern short faint[5] __attribute__((alias("table"), weak));
static int hidden_away[9] = {1};
void *keep(void) { return hidden_away; }
__attribute__((visibility("protected"))) int kept = 7;
__thread int thread_own = 5;
__attribute__((weak)) int yielding(int a) { return a + thread_own; }
__asm__(".data\\n.globl bare\\nbare: .byte 1\\n.globl within\\n.set within, bare + 2\\n.size within, 3\\n"
        ".globl wide\\n.set wide, bare - 1\\n.size wide, 12\\n.zero 32\\n"
        ".globl only\\n.type only, %gnu_unique_object\\nonly: .long 1\\n.size only, 4\\n"
        ".globl fixed\\n.set fixed, 0x4004\\n.size fixed, 4\\n.text");
`;

const LIBC = '/lib/x86_64-linux-gnu/libc.so.6';

describe.skipIf(noOracle !== undefined)('beside the real dladdr', () => {
  function compare(farm: Farm, library: string, step: number, size: number): Set<string> {
    farm.write('ask.c', ASK);
    farm.run('gcc', '-o', 'ask', 'ask.c', '-ldl');
    const target = loadContext({}).openTarget(library);
    if (target.kind !== 'dynamic') throw new Error('no library');
    const lines = execFileSync(farm.path('ask'), [library, `${step}`, `${size}`], {
      encoding: 'utf8',
      maxBuffer: 1 << 27,
    })
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(100);
    const wrong = lines.filter((line) => line !== predictLine(target.object, line.split(' ', 1)[0]!));
    expect(wrong.slice(0, 10)).toEqual([]);
    return new Set(lines.map((line) => line.split(' ')[1]!));
  }

  function predictLine(object: DynamicObject, at: string): string {
    const symbol = nearestSymbol(object, BigInt(`0x${at}`));
    if (symbol === undefined) return `${at} - 0`;
    return `${at} ${symbolName(object.symbols, symbol)} ${object.symbols.value[symbol]!.toString(16)}`;
  }

  it.each(['gnu', 'sysv', 'both'])('names the same symbols of every byte, --hash-style=%s', (style) => {
    using farm = new Farm();
    const library = farm.library('libmap.so', SOURCE, `-Wl,--hash-style=${style}`);
    const named = compare(farm, library, 1, 0x5000);
    expect(named).toContain('-');
    expect(named.has('only')).toBe(style !== 'sysv');
    for (const name of ['bare', 'within', 'wide', 'kept', 'yielding']) expect(named).toContain(name);
  });

  it('agrees over the C library, with its aliases', () => {
    using farm = new Farm();
    const named = compare(farm, LIBC, 1024, 0x200000);
    expect(named.size).toBeGreaterThan(200);
  });
});
