import { FormatError } from '../../bytes/index.ts';
import {
  EVIDENCE_LEVELS,
  EXPORT_BINDINGS,
  EXPORT_VISIBILITIES,
  type ExportedSymbol,
  type LibraryExports,
  SYMBOL_KINDS,
  type VersionNode,
} from './library-exports.ts';
import { inOrder } from './order.ts';

/** The first line of every snapshot; a change that an older solder would misread raises the number. */
const HEADING = 'solder-abi-snapshot 1';

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
const UNESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };

const escapeField = (field: string): string =>
  field.replace(/[\t\n\r\\]/g, (character) => ESCAPES[character]!);
const unescapeField = (field: string): string =>
  field.replace(/\\(.)/g, (whole, letter: string) => UNESCAPES[letter] ?? whole);

const YES_NO = ['no', 'yes'] as const;
const RELRO = ['none', 'partial', 'full'] as const;

/** Whether a file is a snapshot, from its first bytes. */
export function isSnapshot(start: Uint8Array): boolean {
  const magic = 'solder-abi-snapshot ';
  return start.length >= magic.length && [...magic].every((letter, at) => start[at] === letter.charCodeAt(0));
}

/**
 * A library's exports as text, one fact a line and fields divided by tabs: sorted, without addresses, sizes of
 * code, clock or folders, so that it changes under version control only where the interface does.
 */
export function writeSnapshot(library: LibraryExports): string {
  const { machine, is64, littleEndian } = library.architecture;
  const lines: (readonly (string | number)[])[] = [
    ['library', library.fileName],
    ['evidence', library.evidence],
    ['machine', machine, is64 ? 64 : 32, littleEndian ? 'little' : 'big'],
    ...optional('soname', library.soname),
    ...library.needed.map((name) => ['needed', name]),
    ...optional('rpath', library.rpath),
    ...optional('runpath', library.runpath),
    ...optional('glibc', library.glibcFloor),
    ['relro', library.relro],
    ['executable-stack', YES_NO[Number(library.executableStack)]!],
    ['text-relocations', YES_NO[Number(library.textRelocations)]!],
    ['static-tls', YES_NO[Number(library.staticTls)]!],
    ['symbolic', YES_NO[Number(library.symbolic)]!],
    ['version-table', YES_NO[Number(library.hasVersionTable)]!],
    ...library.versions.map(({ name, index, parents }) => ['version', index, name, ...parents]),
    ...library.symbols.map(symbolLine),
  ];
  const text = lines.map((fields) => fields.map((field) => escapeField(String(field))).join('\t'));
  return `${HEADING}\n${text.join('\n')}\n`;
}

const optional = (key: string, value: string | undefined) => (value === undefined ? [] : [[key, value]]);

/** `symbol NAME KIND BINDING VISIBILITY SIZE`, and for a version `default VERSION` or `hidden VERSION`. */
function symbolLine({ name, kind, binding, visibility, size, version, isDefault }: ExportedSymbol) {
  const line = ['symbol', name, kind, binding, visibility, size];
  if (version === undefined && isDefault) return line;
  return [...line, isDefault ? 'default' : 'hidden', ...(version === undefined ? [] : [version])];
}

interface Line {
  readonly key: string;
  readonly fields: readonly string[];
  readonly offset: number;
}

const fail = ({ offset, key }: Line, detail: string): never => {
  throw new FormatError('bad-value', 'snapshot', offset, `${key}: ${detail}`);
};

/** Reads what `writeSnapshot` wrote, `path` is the snapshot's own. Throws `FormatError`. */
export function readSnapshot(text: string, path: string): LibraryExports {
  const all = linesOf(text);
  const heading = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'));
  if (heading !== HEADING) {
    throw new FormatError(
      'unsupported',
      'snapshot',
      0,
      `starts with '${heading.slice(0, 40)}', not '${HEADING}'`,
    );
  }
  const byKey = Map.groupBy(all, ({ key }) => key);
  const several = (key: string): readonly Line[] => byKey.get(key) ?? [];
  const one = (key: string): Line => {
    const [line, second] = several(key);
    if (second !== undefined) fail(second, 'stands there twice');
    return line ?? fail({ key, fields: [], offset: text.length }, 'is missing');
  };
  const maybe = <K extends string>(key: string, name: K): { readonly [P in K]?: string } =>
    byKey.has(key) ? ({ [name]: field(one(key), 0) } as { [P in K]: string }) : {};
  const yes = (key: string): boolean => word(one(key), 0, YES_NO) === 'yes';
  return {
    path,
    fileName: field(one('library'), 0),
    evidence: word(one('evidence'), 0, EVIDENCE_LEVELS),
    architecture: {
      machine: count(one('machine'), 0),
      is64: word(one('machine'), 1, ['32', '64']) === '64',
      littleEndian: word(one('machine'), 2, ['little', 'big']) === 'little',
    },
    ...maybe('soname', 'soname'),
    needed: several('needed').map((line) => field(line, 0)),
    ...maybe('rpath', 'rpath'),
    ...maybe('runpath', 'runpath'),
    hasVersionTable: yes('version-table'),
    versions: several('version').map(readVersion),
    ...maybe('glibc', 'glibcFloor'),
    relro: word(one('relro'), 0, RELRO),
    executableStack: yes('executable-stack'),
    textRelocations: yes('text-relocations'),
    staticTls: yes('static-tls'),
    symbolic: yes('symbolic'),
    symbols: inOrder(several('symbol').map(readSymbol)),
  };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let at = text.indexOf('\n') + 1;
  while (at > 0 && at < text.length) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    const [key = '', ...fields] = text.slice(at, end).replace(/\r$/, '').split('\t');
    if (key !== '' && !key.startsWith('#'))
      lines.push({ key, fields: fields.map(unescapeField), offset: at });
    at = next + 1;
  }
  return lines;
}

function field(line: Line, at: number): string {
  return line.fields[at] ?? fail(line, `field ${at + 1} is missing`);
}

function word<const T extends string>(line: Line, at: number, words: readonly T[]): T {
  const text = field(line, at);
  return words.find((known) => known === text) ?? fail(line, `'${text}' is none of ${words.join(', ')}`);
}

function count(line: Line, at: number): number {
  const number = Number(field(line, at));
  return /^\d+$/.test(field(line, at)) && Number.isSafeInteger(number)
    ? number
    : fail(line, 'expected a number');
}

function readVersion(line: Line): VersionNode {
  return { index: count(line, 0), name: field(line, 1), parents: line.fields.slice(2) };
}

function readSymbol(line: Line): ExportedSymbol {
  const version = line.fields[6];
  return {
    name: field(line, 0),
    ...(version === undefined ? {} : { version }),
    isDefault: line.fields.length < 6 || word(line, 5, ['hidden', 'default']) === 'default',
    kind: word(line, 1, SYMBOL_KINDS),
    binding: word(line, 2, EXPORT_BINDINGS),
    visibility: word(line, 3, EXPORT_VISIBILITIES),
    size: count(line, 4),
  };
}
