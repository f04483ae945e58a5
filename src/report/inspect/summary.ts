import type {
  ElfFacts,
  ElfKind,
  FunctionFacts,
  HeaderFacts,
  RelocationFacts,
} from '../../model/inspection/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';

/** A key and what stands beside it; a list is set into as many lines as it needs. */
export type Entry = readonly [key: string, value: string | readonly string[]];

const KINDS: Readonly<Record<ElfKind, string>> = {
  'shared-object': 'shared object',
  pie: 'position-independent executable',
  'static-pie': 'position-independent executable, statically linked',
  executable: 'executable at a fixed address',
  'static-executable': 'executable at a fixed address, statically linked',
  relocatable: 'relocatable object',
  core: 'core dump',
  'debug-file': 'separate debug information',
  other: 'ELF file',
};

/** `position-independent executable, 64-bit little-endian X86_64`. */
export function describeKind({ kind, header }: ElfFacts): string {
  return `${KINDS[kind]}, ${header.class}-bit ${header.byteOrder}-endian ${header.machine}`;
}

/** What the file is, where it comes from, what it needs, how it is protected: the block above the symbols. */
export function summaryEntries(facts: ElfFacts, showNames: ShowNames): Entry[] {
  return [
    ['type', describeKind(facts)],
    ...abiEntries(facts),
    ...originEntries(facts),
    ...dependencyEntries(facts),
    ...hardeningEntries(facts),
    ...startEntries(facts, showNames),
    ...countEntries(facts),
  ];
}

const optional = (key: string, value: string | undefined): Entry[] =>
  value === undefined ? [] : [[key, value]];
const list = (key: string, values: readonly string[]): Entry[] =>
  values.length === 0 ? [] : [[key, values]];

function abiEntries({ header, interpreter, content }: ElfFacts): Entry[] {
  const { abiTag, properties } = content;
  return [
    ...optional('os abi', osAbi(header)),
    ...optional('flags', header.flags === '0x0' ? undefined : header.flags),
    ...optional('interpreter', interpreter),
    ...optional('abi tag', abiTag && `${abiTag.os} ${abiTag.version}`),
    ...list(
      'properties',
      properties.map(
        ({ name, values }) => `${name.replace('GNU_PROPERTY_', '')}: ${values.join(' ') || 'set'}`,
      ),
    ),
  ];
}

/** Nearly every file says NONE (System V), so only another one is worth a line. */
function osAbi({ osAbi, abiVersion }: HeaderFacts): string | undefined {
  if (osAbi === 'NONE' && abiVersion === 0) return undefined;
  return abiVersion === 0 ? osAbi : `${osAbi}, version ${abiVersion}`;
}

function originEntries({ content, comments, debug }: ElfFacts): Entry[] {
  const made = [...comments, ...(content.linker === undefined ? [] : [content.linker])];
  const metadata =
    content.package && Object.entries(content.package).map(([key, value]) => `${key}=${String(value)}`);
  return [
    ...optional('build id', content.buildId),
    ...list('package', metadata ?? []),
    ...list('made by', made),
    ['debug', debugParts(debug)],
  ];
}

function debugParts({ stripped, dwarf, miniDebugInfo, debugLink }: ElfFacts['debug']): string[] {
  const parts = [stripped ? 'stripped' : 'symbol table', ...(dwarf ? ['DWARF'] : [])];
  if (miniDebugInfo) parts.push('MiniDebugInfo');
  if (debugLink !== undefined) parts.push(`link to ${debugLink.file} (CRC ${debugLink.crc})`);
  return parts;
}

function dependencyEntries({ dynamic, content }: ElfFacts): Entry[] {
  const opened = content.dlopen.map(({ soname, feature, priority }) => {
    const about = [feature, priority].filter((part) => part !== undefined).join(', ');
    return about === '' ? soname.join(' or ') : `${soname.join(' or ')} (${about})`;
  });
  if (dynamic === undefined) return list('dlopen', opened);
  return [
    ...optional('soname', dynamic.soname),
    ...list('needed', dynamic.needed),
    ...list('dlopen', opened),
    ...list('auxiliary', dynamic.auxiliary),
    ...list('filters', dynamic.filters),
    ...optional('rpath', dynamic.rpath),
    ...optional('runpath', dynamic.runpath),
    ...list('DT_FLAGS', dynamic.flags),
    ...list('DT_FLAGS_1', dynamic.flags1),
    ...(dynamic.symbolic ? list('symbolic', ['looks into itself first']) : []),
    ...list(
      'defines',
      dynamic.versionDefinitions.filter(({ base }) => !base).map(({ name }) => name),
    ),
    ...dynamic.versionNeeds.map(({ file, versions }, index): Entry => {
      const names = versions.map(({ name, weak }) => (weak ? `${name} (weak)` : name));
      return [index === 0 ? 'needs' : '', [`${file}:`, ...names]];
    }),
  ];
}

function hardeningEntries({ hardening }: ElfFacts): Entry[] {
  if (hardening === undefined) return [];
  const { positionIndependent, relro, executableStack, bindNow, textRelocations } = hardening;
  const stack = {
    yes: 'EXECUTABLE stack',
    no: 'stack not executable',
    unstated: "stack by the machine's default",
  };
  return [
    [
      'hardening',
      [
        positionIndependent ? 'position-independent' : 'FIXED address',
        relro === 'none' ? 'NO relro' : `${relro} relro`,
        bindNow ? 'immediate binding' : 'lazy binding',
        stack[executableStack],
        textRelocations ? 'TEXT RELOCATIONS' : 'no text relocations',
      ],
    ],
  ];
}

function startEntries({ initFini, tls, header, kind }: ElfFacts, show: ShowNames): Entry[] {
  const { init, fini, preinitArray, initArray, finiArray } = initFini;
  const isProgram = kind.includes('executable') || kind.includes('pie');
  return [
    ...optional('entry', isProgram ? header.entry : undefined),
    ...list('init', [
      ...functions(preinitArray, 'preinit array', show),
      ...single(init, show),
      ...functions(initArray, 'array', show),
    ]),
    ...list('fini', [...functions(finiArray, 'array', show), ...single(fini, show)]),
    ...list(
      'tls',
      tls === undefined
        ? []
        : [
            `${tls.size} bytes`,
            `${tls.initialized} initialized`,
            `aligned to ${tls.align}`,
            ...(tls.staticTls ? ['static TLS'] : []),
          ],
    ),
  ];
}

/** A short array is shown here; a long one has a table of its own. */
export const SHORT_ARRAY = 3;

function functions(array: readonly FunctionFacts[], what: string, show: ShowNames): string[] {
  return array.length <= SHORT_ARRAY
    ? array.map((one) => functionText(one, show))
    : [`${what} of ${array.length}`];
}

const single = (one: FunctionFacts | undefined, show: ShowNames) =>
  one === undefined ? [] : [functionText(one, show)];

export function functionText({ address, name }: FunctionFacts, show: ShowNames): string {
  return name === undefined ? address : `${address} ${show(name)}`;
}

function countEntries(facts: ElfFacts): Entry[] {
  const { sections, segments, symbolTable, groups } = facts;
  const relocations = [...(facts.dynamic?.relocations ?? []), ...facts.sectionRelocations];
  return [
    ...relocations.map((table, index): Entry => [index === 0 ? 'relocations' : '', relocationParts(table)]),
    [
      'holds',
      [
        counted(segments.length, 'segment'),
        counted(sections.length, 'section'),
        ...(symbolTable === undefined
          ? []
          : [`${counted(symbolTable.count, 'entry', 'entries')} in .symtab`]),
        ...(groups.length === 0 ? [] : [counted(groups.length, 'section group')]),
      ],
    ],
  ];
}

function relocationParts({ table, entries, types }: RelocationFacts): string[] {
  return [`${table} ${entries}:`, ...Object.entries(types).map(([type, count]) => `${count} ${type}`)];
}

export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number === 0 ? 'no' : number} ${number === 1 ? one : many}`;
}

/** Widest line of a list, where its items allow. */
const WIDTH = 100;

/** Keys to the left, values aligned; a list is broken between its items. */
export function renderEntries(entries: readonly Entry[], style: Style): string {
  const keyWidth = Math.max(...entries.map(([key]) => key.length));
  const indent = ' '.repeat(keyWidth + 4);
  return entries
    .map(([key, value]) => {
      const text = typeof value === 'string' ? printable(value) : fill(value, indent);
      return `  ${style.dim(key.padEnd(keyWidth))}  ${text}\n`;
    })
    .join('');
}

/** Items with commas between them; after an item that ends in a colon there is none. */
function fill(items: readonly string[], indent: string): string {
  let text = '';
  let column = indent.length;
  items.forEach((raw, index) => {
    const item = printable(raw) + (index === items.length - 1 || raw.endsWith(':') ? '' : ',');
    if (index > 0 && column + 1 + item.length > WIDTH) {
      text += `\n${indent}${item}`;
      column = indent.length + item.length;
    } else {
      text += index === 0 ? item : ` ${item}`;
      column += item.length + (index === 0 ? 0 : 1);
    }
  });
  return text;
}
