import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EM } from '../../src/elf/constants/index.ts';
import {
  lookupClass,
  type RelocationClass,
  relocationClass,
  relocationTypeName,
} from '../../src/elf/relocation-types/index.ts';

interface Target {
  readonly machine: number;
  /** What elf.h writes before the type: `R_ARM_`. */
  readonly prefix: string;
  readonly is64: boolean;
  /** Codes that readelf names although no specification does: holes in a table. */
  readonly notTypes?: readonly string[];
}

const TARGETS: readonly Target[] = [
  { machine: EM.X86_64, prefix: 'R_X86_64_', is64: true },
  { machine: EM['386'], prefix: 'R_386_', is64: false, notTypes: ['R_386_USED_BY_INTEL_200'] },
  { machine: EM.AARCH64, prefix: 'R_AARCH64_', is64: true },
  { machine: EM.ARM, prefix: 'R_ARM_', is64: false },
  { machine: EM.RISCV, prefix: 'R_RISCV_', is64: true },
  { machine: EM.PPC64, prefix: 'R_PPC64_', is64: true },
  { machine: EM.S390, prefix: 'R_390_', is64: true },
  {
    machine: EM.MIPS,
    prefix: 'R_MIPS_',
    is64: false,
    notTypes: ['R_MIPS_UNUSED1', 'R_MIPS_UNUSED2', 'R_MIPS_UNUSED3'],
  },
  { machine: EM.LOONGARCH, prefix: 'R_LARCH_', is64: true },
];

/** Codes that a newer edition of the specification gave to another type: both oracles may be older. */
const REASSIGNED: ReadonlyMap<string, string> = new Map([['R_RISCV_GNU_VTINHERIT', 'R_RISCV_GOT32_PCREL']]);

/** What a name without its prefix says; the 32-bit offsets of x86-64 are for link editors only. */
const CLASS_OF_NAME: readonly (readonly [RegExp, RelocationClass])[] = [
  [/^NONE$/, 'none'],
  [/^(P32_)?(IRELATIVE|JMP_IREL)$/, 'irelative'],
  [/^(P32_)?RELATIVE(64)?$/, 'relative'],
  [/^(P32_)?COPY$/, 'copy'],
  [/^(P32_)?JU?MP_SLOT$/, 'jump-slot'],
  [/^(P32_)?GLOB_DAT$/, 'glob-dat'],
  [/^(P32_)?TLS_?DESC(32|64)?$/, 'tls'],
  [/^(P32_)?(TLS_)?(DTP(MOD|OFF|REL)|TP(OFF|REL))(64)?$/, 'tls'],
  [/^TLS_(DTP(MOD|OFF|REL)|TP(OFF|REL))32$/, 'tls'],
];

const LAST_TYPE = 1100;
let scratch = '';
let macros: ReadonlyMap<string, number>;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'solder-relocations-'));
  macros = relocationMacros(readFileSync('/usr/include/elf.h', 'utf8'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** The `R_*` macros of elf.h; a macro that stands for another one has that one's value. */
function relocationMacros(header: string): Map<string, number> {
  const values = new Map<string, number>();
  for (const [, name, value] of header.matchAll(/^#define\s+(R_\w+)\s+(\w+)/gm)) {
    const number = /^\d/.test(value!) ? Number(value) : values.get(value!);
    if (number !== undefined && !name!.endsWith('_NUM')) values.set(name!, number);
  }
  return values;
}

/** A relocatable file whose only content is one relocation of each type; r_offset says which. */
function objectWithEveryType({ machine, is64 }: Target): Uint8Array {
  const count = is64 ? LAST_TYPE + 1 : 256;
  const [headerSize, sectionSize, entrySize] = is64 ? [64, 64, 24] : [52, 40, 12];
  const names = '\0.rela\0.shstrtab\0';
  const namesAt = headerSize! + count * entrySize!;
  const sectionsAt = namesAt + names.length;
  const view = new DataView(new ArrayBuffer(sectionsAt + 3 * sectionSize!));
  let at = 0;
  const put = (size: number, value: number): void => {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  };
  const word = (value: number): void => put(is64 ? 8 : 4, value);
  for (const byte of [0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, 1, 1]) put(1, byte);
  at = 16;
  for (const value of [1, machine]) put(2, value);
  put(4, 1);
  for (const value of [0, 0, sectionsAt]) word(value);
  put(4, 0);
  for (const value of [headerSize, 0, 0, sectionSize, 3, 2]) put(2, value!);
  for (let type = 0; type < count; type++) for (const value of [type, type, 0]) word(value);
  for (const char of names) put(1, char.charCodeAt(0));
  const section = (name: number, type: number, offset: number, size: number, entry: number): void => {
    for (const value of [name, type]) put(4, value);
    for (const value of [0, 0, offset, size]) word(value);
    for (const value of [0, 0]) put(4, value);
    for (const value of [1, entry]) word(value);
  };
  section(0, 0, 0, 0, 0);
  section(1, 4, headerSize!, count * entrySize!, entrySize!);
  section(7, 3, namesAt, names.length, 0);
  return new Uint8Array(view.buffer);
}

/** What readelf calls each type, for the types it knows. */
function readelfNames(file: string): Map<number, string> {
  const output = execFileSync('readelf', ['-rW', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = output.matchAll(/^([0-9a-f]+)\s+[0-9a-f]+\s+(R_\w+)/gm);
  return new Map([...lines].map(([, offset, name]) => [Number.parseInt(offset!, 16), name!]));
}

describe.each(TARGETS)('types of $prefix', (target) => {
  const named = (type: number): string | undefined => {
    const name = relocationTypeName(target.machine, type);
    return name.startsWith('unknown') ? undefined : name;
  };

  test('each has the name of elf.h or readelf, and none of theirs is missing', () => {
    const file = join(scratch, `${target.prefix}.o`);
    writeFileSync(file, objectWithEveryType(target));
    const byReadelf = readelfNames(file);
    expect(byReadelf.size).toBeGreaterThan(40);
    const byHeader = Map.groupBy(
      [...macros.keys()].filter((name) => name.startsWith(target.prefix)),
      (name) => macros.get(name)!,
    );
    expect(byHeader.size).toBeGreaterThan(40);
    const wrong: string[] = [];
    let unconfirmed = 0;
    for (let type = 0; type <= LAST_TYPE; type++) {
      const theirs = new Set([...(byHeader.get(type) ?? []), byReadelf.get(type) ?? []].flat());
      for (const name of target.notTypes ?? []) theirs.delete(name);
      const ours = named(type);
      if (theirs.size === 0) unconfirmed += ours === undefined ? 0 : 1;
      else if (ours === undefined) wrong.push(`${type}: missing ${[...theirs]}`);
      else if (!theirs.has(ours) && ![...theirs].every((name) => REASSIGNED.get(name) === ours)) {
        wrong.push(`${type}: ${ours} is ${[...theirs]}`);
      }
    }
    expect(wrong).toEqual([]);
    // Types younger than the oracles; there are few, or a table went astray.
    expect(unconfirmed).toBeLessThan(45);
  });

  test('no name stands twice and unknown types keep their number', () => {
    const names = Array.from({ length: LAST_TYPE + 1 }, (_, type) => named(type)).filter(Boolean);
    expect(new Set(names).size).toBe(names.length);
    expect(relocationTypeName(target.machine, 0x1234)).toBe('unknown (0x1234)');
    expect(relocationClass(target.machine, 0x1234)).toBe('other');
  });

  test('the classes are those that the names say', () => {
    const wrong: string[] = [];
    for (let type = 0; type <= LAST_TYPE; type++) {
      const name = named(type);
      if (name === undefined) continue;
      const found = relocationClass(target.machine, type);
      const bare = name.slice(target.prefix.length);
      const expected = CLASS_OF_NAME.find(([pattern]) => pattern.test(bare))?.[1] ?? 'other';
      if (found !== expected) wrong.push(`${name}: ${found}, not ${expected}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('what a compiler emits for x86-64 has the names that readelf prints', () => {
  const source = join(scratch, 'every.c');
  writeFileSync(
    source,
    `extern int data; extern __thread int tls; static __thread int own; extern int call(int);
     static int local; int *pointer = &data; int *inner = &local; int (*function)(int) = call;
     int use(void) { return call(data + tls + own + local); }`,
  );
  const machine = EM.X86_64;
  const seen = new Set<string>();
  for (const [name, ...flags] of [
    ['every.o', '-c', '-fPIC'],
    ['every-exec.o', '-c', '-fno-pic', '-mcmodel=large'],
    ['every.so', '-shared', '-fPIC', '-Wl,-z,lazy'],
  ]) {
    const file = join(scratch, name!);
    execFileSync('cc', ['-O1', '-o', file, ...flags, source]);
    const output = execFileSync('readelf', ['-rW', file], { encoding: 'utf8' });
    for (const [, info, printed] of output.matchAll(/^[0-9a-f]{16}\s+([0-9a-f]{16})\s+(R_\w+)/gm)) {
      const type = Number(BigInt(`0x${info}`) & 0xffff_ffffn);
      expect(relocationTypeName(machine, type)).toBe(printed);
      seen.add(printed!);
    }
  }
  for (const type of ['RELATIVE', 'GLOB_DAT', 'JUMP_SLOT', 'DTPMOD64', '64', 'TLSGD']) {
    expect(seen).toContain(`R_X86_64_${type}`);
  }
});

describe('how a look-up is narrowed', () => {
  const typeOf = (name: string): number => macros.get(name)!;
  const classOf = (machine: number, name: string, flags = 0) => lookupClass(machine, typeOf(name), flags);

  test.each([
    [EM.X86_64, 'R_X86_64_JUMP_SLOT', 'plt'],
    [EM.X86_64, 'R_X86_64_TPOFF64', 'plt'],
    [EM.X86_64, 'R_X86_64_TLSDESC', 'plt'],
    [EM.X86_64, 'R_X86_64_GLOB_DAT', 'any'],
    [EM.X86_64, 'R_X86_64_64', 'any'],
    [EM.X86_64, 'R_X86_64_COPY', 'copy'],
    [EM['386'], 'R_386_TLS_TPOFF', 'plt'],
    [EM.AARCH64, 'R_AARCH64_TLSDESC', 'plt'],
    [EM.ARM, 'R_ARM_TLS_DESC', 'plt'],
    [EM.RISCV, 'R_RISCV_TLS_DTPREL64', 'plt'],
    [EM.RISCV, 'R_RISCV_64', 'any'],
    [EM.S390, 'R_390_TLS_DTPMOD', 'plt'],
    [EM.MIPS, 'R_MIPS_JUMP_SLOT', 'plt'],
    [EM.MIPS, 'R_MIPS_TLS_DTPMOD32', 'any'],
    [EM.LOONGARCH, 'R_LARCH_JUMP_SLOT', 'plt'],
    [EM.LOONGARCH, 'R_LARCH_TLS_TPREL64', 'any'],
  ])('machine %i: %s is %s', (machine, name, expected) => {
    expect(classOf(machine, name)).toBe(expected);
  });

  test('64-bit PowerPC: ELFv2 has canonical PLT entries, ELFv1 has none', () => {
    const [elfV1, elfV2] = [1, 2];
    expect(classOf(EM.PPC64, 'R_PPC64_ADDR64', elfV2)).toBe('any');
    expect(classOf(EM.PPC64, 'R_PPC64_ADDR24', elfV2)).toBe('plt');
    expect(classOf(EM.PPC64, 'R_PPC64_DTPREL16_HIGHESTA', elfV2)).toBe('plt');
    expect(classOf(EM.PPC64, 'R_PPC64_ADDR16_HIGHA', elfV2)).toBe('any');
    expect(classOf(EM.PPC64, 'R_PPC64_TPREL16_HIGH', elfV2)).toBe('plt');
    expect(classOf(EM.PPC64, 'R_PPC64_ADDR64', elfV1)).toBe('plt');
    expect(classOf(EM.PPC64, 'R_PPC64_COPY', elfV1)).toBe('copy');
  });
});
