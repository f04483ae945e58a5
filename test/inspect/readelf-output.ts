import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { isAnnobin } from './facts-topics.ts';
import { noTopics, type Topics } from './topics.ts';

const OPTIONS = ['-W', '-h', '-S', '-g', '-l', '-d', '-r', '-s', '-V', '-n'];
/** Names are UTF-8; in the C locale readelf would print dots. */
const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8' };

/**
 * All that readelf says of an ELF file, or of each ELF member of an archive, as canonical lines; `warnings` is
 * what it complains about.
 */
export async function readelfTopics(path: string): Promise<{ files: Topics[]; warnings: string[] }> {
  const child = spawn('readelf', [...OPTIONS, path], { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  const warnings: string[] = [];
  const errors = createInterface(child.stderr);
  errors.on('line', (line) => warnings.push(line.replace(/^readelf: /, '')));
  const parser = new ReadelfParser();
  for await (const chunk of child.stdout.setEncoding('utf8')) parser.push(chunk as string);
  parser.end();
  return { files: parser.files, warnings };
}

type Block =
  | 'none'
  | 'header'
  | 'sections'
  | 'groups'
  | 'segments'
  | 'dynamic'
  | 'relocations'
  | 'relr'
  | 'symbols'
  | 'verdef'
  | 'verneed'
  | 'notes';

const BLOCK_STARTS: readonly (readonly [RegExp, Block])[] = [
  [/^ELF Header:/, 'header'],
  [/^Section Headers?:/, 'sections'],
  [/^Program Headers?:/, 'segments'],
  [/^Dynamic section at offset /, 'dynamic'],
  [/^Relocation section .* contains /, 'relocations'],
  [/^Symbol table .* contains /, 'symbols'],
  [/^Version definition section /, 'verdef'],
  [/^Version needs section /, 'verneed'],
  [/^Version symbols section /, 'none'],
  [/^Displaying notes found /, 'notes'],
  [/^(Key to Flags:| Section to Segment mapping:|Histogram |No version information)/, 'none'],
  [/^(There (is|are) no |The decoding of unwind )/, 'none'],
];

class ReadelfParser {
  readonly files: Topics[] = [];
  private topics: Topics = noTopics();
  private block: Block = 'none';
  private rest = '';
  private readonly readers: Readonly<Record<Block, (line: string) => void>> = {
    none: () => {},
    header: (line) => this.header(line),
    sections: (line) => this.section(line),
    groups: (line) => this.group(line),
    segments: (line) => this.segment(line),
    dynamic: (line) => this.dynamic(line),
    relocations: (line) => this.relocation(line),
    relr: (line) => this.relr(line),
    symbols: (line) => this.symbol(line),
    verdef: (line) => this.definition(line),
    verneed: (line) => this.needLine(line),
    notes: (line) => this.note(line),
  };
  private isDynamicTable = false;
  private need = '';
  /** Of the relocation table at work. */
  private table = '';
  private entries = 0;
  private counts = new Map<string, number>();

  push(chunk: string): void {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.line(line);
  }

  end(): void {
    if (this.rest !== '') this.line(this.rest);
    this.endTable();
  }

  private line(line: string): void {
    // A relocation or symbol line begins with a digit or a blank: no need to try them all.
    const first = line.charCodeAt(0);
    if (first > 0x40 && first < 0x5b) {
      for (const [start, block] of BLOCK_STARTS) {
        if (start.test(line)) {
          this.begin(block, line);
          return;
        }
      }
    } else if (line.startsWith(' Section to Segment mapping:')) {
      this.block = 'none';
      return;
    }
    const group = /^(COMDAT )?group section \[ *\d+\] `.*' \[(.*)\] contains \d+ sections?:$/.exec(line);
    if (group !== null) {
      this.block = 'groups';
      this.topics.groups.push(`${group[1] === undefined ? 'group' : 'comdat'} ${group[2]}`);
      return;
    }
    this.readers[this.block](line);
  }

  private begin(block: Block, line: string): void {
    this.endTable();
    this.block = block;
    if (block === 'header') this.files.push((this.topics = noTopics()));
    if (block === 'symbols') this.isDynamicTable = /'\.dynsym'|for image/.test(line);
    if (block === 'relocations') {
      const [, name, offset, entries] =
        /^Relocation section '(.*)' at offset 0x([0-9a-f]+) contains (\d+) entr/.exec(line)!;
      this.table = `0x${offset}`;
      this.entries = Number(entries);
      if (name === '.relr.dyn') this.block = 'relr';
    }
  }

  private endTable(): void {
    if (this.table === '') return;
    const counts = [...this.counts].map(([type, count]) => `${type}=${count}`).sort();
    this.topics.relocations.push(`${this.table} ${this.entries} ${counts.join(' ')}`);
    this.table = '';
    this.counts = new Map();
  }

  private header(line: string): void {
    const match = /^ {2}([A-Z][^:]*): +(.*)$/.exec(line);
    if (match === null) return;
    const [, key, value] = match as unknown as [string, string, string];
    const put = (text: string) => this.topics.header.push(text);
    switch (key) {
      case 'Class':
        put(`class ${value.slice(3)}`);
        break;
      case 'Data':
        put(`order ${value.endsWith('little endian') ? 'little' : 'big'}`);
        break;
      case 'OS/ABI':
        put(`osabi ${OS_ABIS[value] ?? value}`);
        break;
      case 'ABI Version':
        put(`abiversion ${value}`);
        break;
      case 'Type':
        put(`type ${value.split(' ')[0]}`);
        put(`pie ${value.includes('Position-Independent Executable')}`);
        break;
      case 'Machine':
        put(`machine ${MACHINES[value] ?? value}`);
        break;
      case 'Entry point address':
        put(`entry ${value}`);
        break;
      case 'Flags':
        put(`flags ${value.split(',')[0]}`);
        break;
    }
  }

  private section(line: string): void {
    const match =
      /^ {2}\[ *(\d+)\] (.*?) +(\S+) +([0-9a-f]{8,16}) ([0-9a-f]{6,}) ([0-9a-f]{6,}) ([0-9a-f]{2,}) ([ A-Za-z]{3,}) +(\d+) +(\d+) +(\d+)$/.exec(
        line,
      );
    if (match === null || match[1] === '0') return;
    const [, index, name, type, address, offset, size, entrySize, flags, link, info, align] =
      match as unknown as string[];
    const numbers = `${number(address!)} ${number(offset!)} ${parseInt(size!, 16)} ${parseInt(entrySize!, 16)}`;
    this.topics.sections.push(
      `${index} ${name} ${type} ${numbers} [${flags!.trim()}] ${link} ${info} ${align}`,
    );
  }

  private group(line: string): void {
    const match = /^ {3}\[ *(\d+)\] /.exec(line);
    if (match !== null) this.topics.groups[this.topics.groups.length - 1] += ` ${match[1]}`;
  }

  private segment(line: string): void {
    const interpreter = /^ +\[Requesting program interpreter: (.*)\]$/.exec(line);
    if (interpreter !== null) {
      this.topics.header.push(`interpreter ${interpreter[1]}`);
      return;
    }
    const match =
      /^ {2}(\S+) +(0x[0-9a-f]+) (0x[0-9a-f]+) 0x[0-9a-f]+ (0x[0-9a-f]+) (0x[0-9a-f]+) ([RWE ]{3}) (0x[0-9a-f]+|0)$/.exec(
        line,
      );
    if (match === null) return;
    const [, type, offset, address, fileSize, memorySize, flags, align] = match as unknown as string[];
    const numbers = `${number(offset!)} ${number(address!)} ${Number(fileSize)} ${Number(memorySize)}`;
    // readelf cuts this one name to the width of its column.
    const name = type === 'RISCV_ATTRIBUT' ? 'ATTRIBUTES' : type;
    this.topics.segments.push(`${name} ${numbers} ${flags!.replaceAll(' ', '')} ${Number(align)}`);
  }

  private dynamic(line: string): void {
    const match = /^ 0x[0-9a-f]+ \((.*?)\) +(.*)$/.exec(line);
    if (match === null || match[1] === 'NULL') return;
    const [, tag, value] = match as unknown as [string, string, string];
    const text = /^[A-Z][a-z]+ (library|soname|rpath|runpath|file): \[(.*)\]$/.exec(value);
    const size = /^(\d+) \(bytes\)$/.exec(value);
    if (text !== null) this.topics.dynamic.push(`${tag} [${text[2]}]`);
    else if (size !== null) this.topics.dynamic.push(`${tag} ${Number(size[1])}`);
    else if (/^(0x[0-9a-f]+|\d+)$/.test(value)) this.topics.dynamic.push(`${tag} ${Number(value)}`);
    else if (tag === 'PLTREL') this.topics.dynamic.push(`${tag} ${{ REL: 17, RELA: 7 }[value]}`);
    else this.topics.dynamic.push(`${tag} ${value.replace(/^Flags: /, '').trim()}`);
  }

  private relocation(line: string): void {
    const match = /^[0-9a-f]{8,16} +[0-9a-f]{8,16} (\S+|unrecognized: [0-9a-f]+)(?= |$)/.exec(line);
    if (match !== null) this.counts.set(match[1]!, (this.counts.get(match[1]!) ?? 0) + 1);
  }

  private relr(line: string): void {
    const match = /^ *(\d+) offsets?$/.exec(line);
    if (match !== null) this.counts.set('relative', Number(match[1]));
  }

  private symbol(line: string): void {
    const match =
      /^ *(\d+): ([0-9a-f]{8,16}) +(\S+) (<OS specific>: \d+|\S+) +(<OS specific>: \d+|\S+) +(\S+) +(\[.*?\] +)?(\S+|RSV\[.*?\]|PRC\[.*?\]|OS *\[.*?\]) (.*)$/.exec(
        line,
      );
    if (match === null || match[1] === '0') return;
    const [, index, value, size, type, binding, visibility, other, section, name] =
      match as unknown as string[];
    const about = `${type} ${binding} ${visibility}${other === undefined ? '' : ` ${other.trim()}`} ${section}`;
    const topic = this.isDynamicTable ? this.topics.dynsym : this.topics.symtab;
    // An undefined symbol's version comes with its index, which is among the versions needed.
    topic.push(`${index} ${number(value!)} ${Number(size)} ${about} ${name!.replace(/ \(\d+\)$/, '')}`);
  }

  private definition(line: string): void {
    const match =
      /^ {2}(?:0x)?[0-9a-f]+: Rev: 1 {2}Flags: (.*?) {2}Index: (\d+) {2}Cnt: \d+ {2}Name: (.*)$/.exec(line);
    if (match !== null)
      this.topics.versions.push(`define ${match[2]} ${match[3]} ${versionFlags(match[1]!)}`);
    const parent = /^ {2}(?:0x)?[0-9a-f]+: Parent \d+: (.*)$/.exec(line);
    if (parent !== null) this.topics.versions.push(`  after ${parent[1]}`);
  }

  private needLine(line: string): void {
    const file = /^ {2}(?:0x)?[0-9a-f]+: Version: 1 {2}File: (.*?) {2}Cnt: \d+$/.exec(line);
    if (file !== null) this.need = file[1]!;
    const match = /^ {2}(?:0x)?[0-9a-f]+: {3}Name: (.*?) {2}Flags: (.*?) {2}Version: (\d+)$/.exec(line);
    if (match !== null)
      this.topics.versions.push(`need ${this.need} ${match[1]} ${match[3]} ${versionFlags(match[2]!)}`);
  }

  private note(line: string): void {
    const match = /^ {2}(\S.*?) +0x([0-9a-f]{8})\t(.*?)(?:\t *(.*))?$/.exec(line);
    if (match === null) return;
    const [, owner, size, type, content] = match as unknown as string[];
    if (isAnnobin(owner!)) this.topics.notes.push(`annobin ${parseInt(size!, 16)}`);
    else
      this.topics.notes.push(
        `${owner} ${parseInt(size!, 16)} ${noteType(owner!, type!)}${noteContent(content ?? '')}`,
      );
  }
}

const number = (digits: string) =>
  `0x${BigInt(digits.startsWith('0x') ? digits : `0x${digits}`).toString(16)}`;
const versionFlags = (flags: string) =>
  flags
    .split(' | ')
    .filter((flag) => flag === 'WEAK')
    .join('') || '-';
/** `NT_GNU_BUILD_ID (unique build ID bitstring)`, or `Unknown note type: (0x74510001)`. */
function noteType(owner: string, type: string): string {
  const unknown = /^Unknown note type: \(0x0*([0-9a-f]+)\)/.exec(type)?.[1];
  if (unknown !== undefined) return `0x${unknown}`;
  const [name] = type.split(' ') as [string];
  // It takes the first two types of every owner for those of the oldest notes.
  return owner === 'GNU' ? name : ({ NT_VERSION: '0x1', NT_ARCH: '0x2' }[name] ?? name);
}

/** Only what says something in one way: the identifier, the ABI tag. */
function noteContent(text: string): string {
  const known = /^(?:Build ID: ([0-9a-f]+)|OS: (.*), ABI: (.*)|Version: (gold .*))$/.exec(text);
  if (known === null) return '';
  return ` ${known[1] ?? known[4] ?? `${known[2]} ${known[3]}`}`;
}

const OS_ABIS: Readonly<Record<string, string>> = {
  'UNIX - System V': 'NONE',
  'UNIX - GNU': 'GNU',
  'UNIX - FreeBSD': 'FREEBSD',
};
const MACHINES: Readonly<Record<string, string>> = {
  'Advanced Micro Devices X86-64': 'X86_64',
  'Intel 80386': '386',
  AArch64: 'AARCH64',
  'RISC-V': 'RISCV',
  'MIPS R3000': 'MIPS',
  PowerPC64: 'PPC64',
  PowerPC: 'PPC',
  'IBM S/390': 'S390',
  'Sparc v9': 'SPARCV9',
  Sparc: 'SPARC',
  Alpha: 'ALPHA',
  HPPA: 'PARISC',
  'Intel IA-64': 'IA_64',
  MC68000: '68K',
  'Renesas / SuperH SH': 'SH',
  ARCv2: 'ARC_COMPACT2',
};
