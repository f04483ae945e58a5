import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { memorySource } from '../src/bytes/index.ts';
import { ElfFile } from '../src/elf/index.ts';
import { assembleWithLabels, type Field } from '../test/support/assembler/index.ts';
import { flavours } from '../test/support/flavours.ts';
import type { Seed } from './mutate.ts';

/** Assembled files of all flavours. */
export function assembledSeeds(): Seed[] {
  return [...flavours()].map(([name, spec]) => ({ name, ...assembleWithLabels(spec) }));
}

/** Small files that real tools made: a library, an object with COMDAT groups, archives, a program. */
export function realSeeds(): Seed[] {
  const folder = mkdtempSync(join(tmpdir(), 'solder-fuzz-'));
  const run = (tool: string, ...args: string[]) => execFileSync(tool, args, { cwd: folder });
  try {
    writeFileSync(join(folder, 'library.c'), LIBRARY);
    writeFileSync(join(folder, 'library.map'), 'V1 { global: first; };\nV2 { global: second; } V1;\n');
    writeFileSync(join(folder, 'object.cc'), OBJECT);
    run(
      'gcc',
      '-shared',
      '-fPIC',
      '-g',
      '-gz=zlib',
      '-Wl,--version-script=library.map',
      '-o',
      'library.so',
      'library.c',
    );
    run('g++', '-c', '-O0', '-ffunction-sections', '-o', 'object.o', 'object.cc');
    run('ar', 'rcs', 'archive.a', 'object.o', 'library.so');
    run('ar', 'rcsT', 'thin.a', 'object.o', 'library.so');
    const made = ['library.so', 'object.o', 'archive.a', 'thin.a'].map((name) => join(folder, name));
    return [...made, '/bin/true'].map((path) => realSeed(basename(path), new Uint8Array(readFileSync(path))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const LIBRARY = `#include <stdio.h>
#include <math.h>
__thread int per_thread = 1;
static void start(void) __attribute__((constructor));
static void start(void) { per_thread++; }
int first(void) { return puts("first"); }
double second(double x) { return cos(x) + per_thread; }
`;
const OBJECT = `template <typename T> struct Box { T value; virtual ~Box() {} T get() const { return value; } };
inline int &counter() { static int count; return count; }
int use() { Box<int> box; box.value = counter()++; return box.get(); }
`;

function realSeed(name: string, bytes: Uint8Array): Seed {
  if (bytes[0] !== 0x7f) return { name, bytes, fields: [], littleEndian: true };
  const { header } = new ElfFile(memorySource(bytes));
  return { name, bytes, fields: headerFields(bytes), littleEndian: header.littleEndian };
}

const EHDR = [16, 18, 20, 24, 32, 40, 48, 52, 54, 56, 58, 60, 62];
const EHDR_SIZES = [2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2] as const;
const PHDR = [0, 4, 8, 16, 24, 32, 40, 48];
const PHDR_SIZES = [4, 4, 8, 8, 8, 8, 8, 8] as const;
const SHDR = [0, 4, 8, 16, 24, 32, 40, 44, 48, 56];
const SHDR_SIZES = [4, 4, 8, 8, 8, 8, 4, 4, 8, 8] as const;

/** Fields of the headers and of the dynamic section, in files of the machine that runs this (64 bits). */
function headerFields(bytes: Uint8Array): Field[] {
  const { header, segments, sections, dynamic } = new ElfFile(memorySource(bytes));
  if (!header.is64) return [];
  const fields: Field[] = [];
  const add = (label: string, base: number, offsets: readonly number[], sizes: readonly Field['size'][]) => {
    for (const [index, at] of offsets.entries()) {
      fields.push({ label: `${label}+${at}`, offset: base + at, size: sizes[index]! });
    }
  };
  add('ehdr', 0, EHDR, EHDR_SIZES);
  for (const index of segments.keys()) add(`phdr.${index}`, header.phoff + 56 * index, PHDR, PHDR_SIZES);
  for (const index of sections.keys()) add(`shdr.${index}`, header.shoff + 64 * index, SHDR, SHDR_SIZES);
  for (const index of dynamic?.entries.list.keys() ?? []) {
    add(`dynamic.${index}`, dynamic!.entries.offset + 16 * index, [0, 8], [8, 8]);
  }
  return fields;
}
