import { type ElfFacts, type SymbolList, versionedName } from '../../src/model/inspection/index.ts';
import { noTopics, type Topics } from './topics.ts';

/** solder's facts as the lines that `readelfTopics` makes of readelf's output. */
export function factsTopics(facts: ElfFacts): Topics {
  const topics = noTopics();
  const { header, dynamic } = facts;
  topics.header.push(
    `class ${header.class}`,
    `order ${header.byteOrder}`,
    `osabi ${header.osAbi}`,
    `abiversion ${header.abiVersion}`,
    `type ${header.type}`,
    `pie ${dynamic?.flags1.includes('PIE') ?? false}`,
    `machine ${header.machine}`,
    `entry ${header.entry}`,
    `flags ${header.flags}`,
  );
  if (facts.interpreter !== undefined) topics.header.push(`interpreter ${facts.interpreter}`);
  for (const one of facts.sections) {
    const numbers = `${one.address} ${one.offset} ${one.size} ${one.entrySize}`;
    const type = SECTION_TYPES[one.type] ?? one.type;
    const letter = (flag: string) =>
      flag === 'GNU_RETAIN' && !isGnu(facts) ? 'o' : (SECTION_FLAGS[flag] ?? flag);
    const flags = one.flags.map(letter).join('');
    topics.sections.push(
      `${one.index} ${one.name} ${type} ${numbers} [${flags}] ${one.link} ${one.info} ${one.align}`,
    );
  }
  for (const { comdat, signature, members } of facts.groups) {
    topics.groups.push([comdat ? 'comdat' : 'group', signature, ...members].join(' '));
  }
  for (const one of facts.segments) {
    topics.segments.push(
      `${one.type.replace(/^(ARM|AARCH64|RISCV|MIPS)_/, '')} ${one.offset} ${one.address} ${one.fileSize} ${one.memorySize} ${one.flags} ${one.align}`,
    );
  }
  for (const { tag, value, text } of dynamic?.entries ?? []) {
    const flags = { FLAGS: dynamic!.flags, FLAGS_1: dynamic!.flags1 }[tag];
    const shown = flags?.join(' ') ?? (text === undefined ? String(Number(value)) : `[${text}]`);
    // readelf puts RHF_NOTPOT, the one flag that link editors still set, into a word.
    if (tag === 'MIPS_FLAGS' && value === '0x2') {
      topics.dynamic.push('MIPS_FLAGS NOTPOT');
      continue;
    }
    // readelf prints no value for a tag that has none (gABI: d_un is ignored).
    topics.dynamic.push(tag === 'BIND_NOW' ? `${tag} ` : `${tag} ${shown}`);
  }
  for (const { offset, entries, types } of [...(dynamic?.relocations ?? []), ...facts.sectionRelocations]) {
    // Of several operations in one relocation readelf's first line names the first.
    const counts = new Map<string, number>();
    for (const [name, count] of Object.entries(types)) {
      const type = name.split('/')[0]!;
      const theirs = RELOCATIONS[type] ?? type;
      counts.set(theirs, (counts.get(theirs) ?? 0) + count);
    }
    const shown = [...counts].map(([type, count]) => `${type}=${count}`).sort();
    topics.relocations.push(`${offset} ${entries} ${shown.join(' ')}`);
  }
  if (dynamic !== undefined) topics.dynsym = symbolLines(dynamic.symbols, facts);
  if (facts.symbolTable?.symbols !== undefined) topics.symtab = symbolLines(facts.symbolTable.symbols, facts);
  for (const { index, name, weak, parents } of dynamic?.versionDefinitions ?? []) {
    topics.versions.push(
      `define ${index} ${name} ${weak ? 'WEAK' : '-'}`,
      ...parents.map((parent) => `  after ${parent}`),
    );
  }
  for (const { file: needed, versions } of dynamic?.versionNeeds ?? []) {
    for (const { name, index, weak } of versions)
      topics.versions.push(`need ${needed} ${name} ${index} ${weak ? 'WEAK' : '-'}`);
  }
  topics.notes = noteLines(facts);
  return topics;
}

/** How readelf shows st_other: 64-bit PowerPC keeps there where a function's local entry is (ELFv2 psABI). */
function otherBits(other: number, { header }: ElfFacts): string {
  if (header.machine !== 'PPC64') return `<other>: ${other.toString(16)}`;
  return `<localentry>: ${((1 << ((other >> 5) & 7)) >> 2) << 2}`;
}

/**
 * GNU's own flags and bindings mean something else to other systems. readelf names them only where EI_OSABI
 * says GNU; the GNU C library does not look at it.
 */
const isGnu = ({ header }: ElfFacts) => header.osAbi === 'GNU' || header.osAbi === 'FREEBSD';

function symbolLines(symbols: SymbolList, facts: ElfFacts): string[] {
  const lines: string[] = [];
  let index = 1;
  for (const one of symbols) {
    const [type, binding] = [one.type, one.binding].map((name) => {
      return name.startsWith('GNU_') && !isGnu(facts) ? '<OS specific>: 10' : name.replace('GNU_', '');
    });
    const about = `${type} ${binding} ${one.visibility}`;
    // readelf shows a section's name for the symbol that stands for it, which has none of its own.
    const isSection = one.type === 'SECTION' && one.name === '' && typeof one.section === 'number';
    // It shows no version for the symbol that stands for a version.
    const shown = one.name === one.version ? one.name : versionedName(one);
    const name = isSection ? (facts.sections[(one.section as number) - 1]?.name ?? '') : shown;
    const other = one.other === undefined ? '' : ` [${otherBits(Number(one.other), facts)}]`;
    lines.push(`${index++} ${one.value} ${one.size} ${about}${other} ${one.section} ${name}`);
  }
  return lines;
}

function noteLines(facts: ElfFacts): string[] {
  return facts.notes.map(({ owner, size, type }) => {
    const { abiTag, buildId, linker } = facts.content;
    const content = {
      NT_GNU_BUILD_ID: buildId,
      NT_GNU_ABI_TAG: abiTag && `${abiTag.os} ${abiTag.version}`,
      NT_GNU_GOLD_VERSION: linker,
    }[type];
    if (isAnnobin(owner)) return `annobin ${size}`;
    return `${owner} ${size} ${NOTE_TYPES[`${owner} ${type}`] ?? type}${content === undefined ? '' : ` ${content}`}`;
  });
}

/** The owner of these notes holds binary data, which readelf puts into words of its own. */
export const isAnnobin = (owner: string) => /^GA[$*!+]/.test(owner);

const SECTION_TYPES: Readonly<Record<string, string>> = {
  GNU_verdef: 'VERDEF',
  GNU_verneed: 'VERNEED',
  GNU_versym: 'VERSYM',
  // Not known to readelf 2.40.
  LLVM_ODRTAB: 'LOOS+0xfff4c00',
  LLVM_LINKER_OPTIONS: 'LOOS+0xfff4c01',
  LLVM_ADDRSIG: 'LOOS+0xfff4c03',
  LLVM_DEPENDENT_LIBRARIES: 'LOOS+0xfff4c04',
  LLVM_SYMPART: 'LOOS+0xfff4c05',
  LLVM_PART_EHDR: 'LOOS+0xfff4c06',
  LLVM_PART_PHDR: 'LOOS+0xfff4c07',
  LLVM_BB_ADDR_MAP_V0: 'LOOS+0xfff4c08',
  LLVM_CALL_GRAPH_PROFILE: 'LOOS+0xfff4c09',
  LLVM_BB_ADDR_MAP: 'LOOS+0xfff4c0a',
  LLVM_OFFLOADING: 'LOOS+0xfff4c0b',
  LLVM_LTO: 'LOOS+0xfff4c0c',
};

const SECTION_FLAGS: Readonly<Record<string, string>> = {
  WRITE: 'W',
  ALLOC: 'A',
  EXECINSTR: 'X',
  MERGE: 'M',
  STRINGS: 'S',
  INFO_LINK: 'I',
  LINK_ORDER: 'L',
  OS_NONCONFORMING: 'O',
  GROUP: 'G',
  TLS: 'T',
  COMPRESSED: 'C',
  GNU_RETAIN: 'R',
  EXCLUDE: 'E',
  X86_64_LARGE: 'l',
  MIPS_NOSTRIP: 'o',
  MIPS_GPREL: 'p',
};

/** The psABI's name, and readelf's. */
const RELOCATIONS: Readonly<Record<string, string>> = { R_386_JMP_SLOT: 'R_386_JUMP_SLOT' };

/** What readelf calls the notes whose owner says what a type means. */
const NOTE_TYPES: Readonly<Record<string, string>> = {
  'Go 0x4': 'GO',
  'stapsdt 0x3': 'NT_STAPSDT',
  'FDO NT_FDO_PACKAGING_METADATA': 'FDO_PACKAGING_METADATA',
};
