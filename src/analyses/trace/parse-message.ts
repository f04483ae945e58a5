import type { TracedObject, TraceEvent } from './event.ts';
import { digits, objectAtEnd, splitPaths } from './message-parts.ts';

/** An event without a process number, which stands before the message. */
type Parsed = (pid: number, text: string) => TraceEvent | undefined;

/**
 * What one message means; undefined: it is none that glibc 2.17 to 2.42 prints with a tag. Blank lines, which
 * the loader prints around some messages, are none. Dispatches on the first character, since a large program
 * prints millions of these.
 */
export function parseMessage(pid: number, text: string): TraceEvent | undefined {
  switch (text.charCodeAt(0)) {
    case 0x73: // s
      return parseLookup(pid, text) ?? parseError(pid, text);
    case 0x62: // b
      return parseBinding(pid, text) ?? parseError(pid, text);
    case 0x20:
    case 0x09:
      return parseIndented(pid, text);
    default:
      for (const [prefix, parse] of BY_FIRST[text.charCodeAt(0)] ?? []) {
        if (text.startsWith(prefix)) return parse(pid, text.slice(prefix.length)) ?? parseError(pid, text);
      }
      return parseError(pid, text);
  }
}

/** `symbol=S;  lookup in file=F [N]` */
function parseLookup(pid: number, text: string): TraceEvent | undefined {
  const at = text.indexOf(LOOKUP, 7);
  if (at < 0 || !text.startsWith('symbol=')) return undefined;
  const file = objectAtEnd(text, at + LOOKUP.length);
  return file && { kind: 'lookup', pid, symbol: text.slice(7, at), file };
}

const LOOKUP = ';  lookup in file=';

/** binding file A [N] to B [N]: normal symbol `S' [V] */
function parseBinding(pid: number, text: string): TraceEvent | undefined {
  if (!text.startsWith(BINDING)) return undefined;
  const isNormal = text.indexOf(NORMAL);
  const at = isNormal < 0 ? text.indexOf(PROTECTED) : isNormal;
  const middle = text.lastIndexOf('] to ', at);
  if (at < 0 || middle < 0) return undefined;
  const from = objectAtEnd(text, BINDING.length, middle + 1);
  const to = objectAtEnd(text, middle + 5, at + 1);
  const quote = text.lastIndexOf("'");
  const start = at + (isNormal < 0 ? PROTECTED : NORMAL).length;
  if (from === undefined || to === undefined || quote < start) return undefined;
  const version = versionAfter(text, quote + 1);
  if (version === null) return undefined;
  const binding = isNormal < 0 ? 'protected' : 'normal';
  return { kind: 'bind', pid, from, to, symbol: text.slice(start, quote), version, binding };
}

const BINDING = 'binding file ';
const NORMAL = ']: normal symbol `';
const PROTECTED = ']: protected symbol `';

/** undefined: none; null: something else stands there. */
function versionAfter(text: string, at: number): string | undefined | null {
  if (at === text.length) return undefined;
  return text.startsWith(' [', at) && text.endsWith(']') ? text.slice(at + 2, -1) : null;
}

/** Messages that are indented belong to one before them. */
function parseIndented(pid: number, text: string): TraceEvent | undefined {
  if (text.startsWith('  trying file=')) return { kind: 'try', pid, path: text.slice(14) };
  if (text.startsWith(' search path=')) return parseSearchPath(pid, text);
  if (text.startsWith(' search cache=')) return { kind: 'search-cache', pid, cache: text.slice(14) };
  if (text.startsWith(' scope ')) return parseScope(pid, text);
  if (text === ' no scope') return { kind: 'no-scope', pid };
  if (text.startsWith('  dynamic: ')) {
    const [, dynamic, base, size] = PLACED.exec(text) ?? [];
    return size === undefined ? undefined : { kind: 'placed', pid, dynamic: dynamic!, base: base!, size };
  }
  if (text.startsWith('    entry: ')) {
    const [, entry, phdr, phnum] = HEADERS.exec(text) ?? [];
    return phnum === undefined
      ? undefined
      : { kind: 'headers', pid, entry: entry!, phdr: phdr!, phnum: Number(phnum) };
  }
  return parseStatistic(pid, text) ?? parseError(pid, text);
}

const PLACED = /^ {2}dynamic: (0x[0-9a-f]+) {2}base: (0x[0-9a-f]+) {3}size: (0x[0-9a-f]+)$/;
const HEADERS = /^ {4}entry: (0x[0-9a-f]+) {2}phdr: (0x[0-9a-f]+) {2}phnum: +(\d+)$/;

/**
 * ` search path=A:B		(RUNPATH from file F)` or `		(LD_LIBRARY_PATH)`. Where a log was copied from a terminal the
 * tabs are blanks, or nothing.
 */
function parseSearchPath(pid: number, text: string): TraceEvent | undefined {
  const [, list, told] = SEARCH_PATH.exec(text) ?? COPIED_SEARCH_PATH.exec(text) ?? [];
  if (list === undefined || told === undefined) return undefined;
  const from = told.indexOf(' from file ');
  return {
    kind: 'search-path',
    pid,
    directories: list === '' ? [] : list.split(':'),
    source: from < 0 ? told : told.slice(0, from),
    of: from < 0 ? undefined : told.slice(from + 11),
  };
}

const SEARCH_PATH = /^ search path=(.*)\t\t\((.*)\)$/s;
const COPIED_SEARCH_PATH =
  /^ search path=(.*?) *\(((?:RPATH|RUNPATH) from file .*|LD_LIBRARY_PATH|system search path)\)$/s;

function parseScope(pid: number, text: string): TraceEvent | undefined {
  const colon = text.indexOf(':', 7);
  const index = colon < 0 ? -1 : digits(text, 7, colon);
  if (index < 0) return undefined;
  return { kind: 'scope', pid, index, objects: splitPaths(text.slice(colon + 2)) };
}

/** The lines of `runtime linker statistics:`. Times are in cycles, `clock cycles` until 2.30. */
function parseStatistic(pid: number, text: string): TraceEvent | undefined {
  const [, name, value, cycles, percent] = STATISTIC.exec(text) ?? [];
  if (value === undefined) return undefined;
  return {
    kind: 'statistic',
    pid,
    name: name!,
    value: Number(value),
    unit: cycles === undefined ? undefined : 'cycles',
    percent: percent === undefined ? undefined : Number(percent),
  };
}

const STATISTIC =
  /^\s*((?:total startup|time needed|number of|final number of)[a-z ]*): (\d+)( (?:clock )?cycles)?(?: \(([\d.]+)%?\))?$/;

/** OBJECT: error: OCCASION: MESSAGE (fatal|continued) */
function parseError(pid: number, text: string): TraceEvent | undefined {
  const isFatal = text.endsWith(' (fatal)');
  if (!isFatal && !text.endsWith(' (continued)')) return undefined;
  const at = text.indexOf(': error: ');
  const colon = text.indexOf(': ', at + 9);
  if (at < 0 || colon < 0) return undefined;
  return {
    kind: 'error',
    pid,
    object: text.slice(0, at),
    occasion: text.slice(at + 9, colon),
    message: text.slice(colon + 2, isFatal ? -8 : -12),
    isFatal,
  };
}

/** `file=A [N];  WHAT` */
function parseFile(pid: number, text: string): TraceEvent | undefined {
  for (const [words, make] of FILE_WORDS) {
    const at = text.indexOf(words);
    if (at < 0) continue;
    const object = objectAtEnd(text, 0, at);
    if (object !== undefined) return make(pid, object, text.slice(at + words.length));
  }
  return undefined;
}

type FileMessage = (pid: number, object: TracedObject, rest: string) => TraceEvent | undefined;

const RELOCATION = ' (relocation dependency)';

const FILE_WORDS: readonly (readonly [string, FileMessage])[] = [
  [
    ';  needed by ',
    (pid, object, rest) => {
      if (rest.endsWith(RELOCATION)) {
        const by = objectAtEnd(rest, 0, rest.length - RELOCATION.length);
        return by && { kind: 'relocation-dependency', pid, object, by };
      }
      const by = objectAtEnd(rest, 0);
      return by && { kind: 'need', pid, library: object.path, namespace: object.namespace, by };
    },
  ],
  [
    ';  dynamically loaded by ',
    (pid, { path: library, namespace }, rest) => {
      const by = objectAtEnd(rest, 0);
      return by && { kind: 'dlopen-request', pid, library, namespace, by };
    },
  ],
  [
    ';  generating link map',
    (pid, { path: library, namespace }, rest) =>
      rest === '' ? { kind: 'map', pid, library, namespace } : undefined,
  ],
  [
    ';  destroying link map',
    (pid, object, rest) => (rest === '' ? { kind: 'unload', pid, object } : undefined),
  ],
  [
    '; audit interface function la_version returned zero; ignored.',
    (pid, object, rest) => (rest === '' ? { kind: 'audit-ignored', pid, object } : undefined),
  ],
];

/** checking for version `V' in file F [N] required by file R [N] */
function parseVersion(pid: number, text: string): TraceEvent | undefined {
  const quote = text.indexOf("' in file ");
  const middle = text.lastIndexOf(' required by file ');
  if (quote < 0 || middle < 0) return undefined;
  const file = objectAtEnd(text, quote + 10, middle);
  const by = objectAtEnd(text, middle + 18);
  return file && by && { kind: 'version', pid, version: text.slice(0, quote), file, by };
}

/** `A [N]; direct_opencount=C` */
function parseOpened(pid: number, text: string): TraceEvent | undefined {
  const at = text.lastIndexOf('; direct_opencount=');
  const count = at < 0 ? -1 : digits(text, at + 19);
  const object = count < 0 ? undefined : objectAtEnd(text, 0, at);
  return object && { kind: 'dlopen', pid, object, count };
}

/** `A; direct_opencount=C`: without a namespace */
function parseClosed(pid: number, text: string): TraceEvent | undefined {
  const at = text.lastIndexOf('; direct_opencount=');
  const count = at < 0 ? -1 : digits(text, at + 19);
  return count < 0 ? undefined : { kind: 'dlclose', pid, object: text.slice(0, at), count };
}

const filtered: Parsed = (pid, text) => {
  const at = text.lastIndexOf(' requested by file=');
  return at < 0 ? undefined : { kind: 'filter', pid, library: text.slice(0, at), by: text.slice(at + 19) };
};

/** A message that is all prefix. */
const bare =
  (event: { readonly kind: 'scopes' | 'statistics' }): Parsed =>
  (pid, text) =>
    text === '' ? { ...event, pid } : undefined;

/** `PATH [N] AFTER` */
const marked: Parsed = (pid, text) => {
  const at = text.lastIndexOf('] as NODELETE');
  const object = at < 0 ? undefined : objectAtEnd(text, 0, at + 1);
  const rest = text.slice(at + 13);
  if (object === undefined || (rest !== '' && !rest.startsWith(' due to '))) return undefined;
  const reason = rest === '' ? undefined : rest.slice(8);
  return { kind: 'nodelete', pid, object, state: 'marked', reason };
};

/** Prefixes by their first character; where one is the start of another, the longer one stands first. */
const BY_PREFIX: readonly (readonly [string, Parsed])[] = [
  ['file=', parseFile],
  [
    'find library=',
    (pid, text) => {
      const object = text.endsWith('; searching') ? objectAtEnd(text, 0, text.length - 11) : undefined;
      return object && { kind: 'search', pid, library: object.path, namespace: object.namespace };
    },
  ],
  ['final number of', (pid, text) => parseStatistic(pid, `final number of${text}`)],
  ['checking for version `', parseVersion],
  ['calling init: ', (pid, object) => ({ kind: 'init', pid, object })],
  ['calling preinit: ', (pid, object) => ({ kind: 'preinit', pid, object })],
  [
    'calling fini: ',
    (pid, text) => {
      const object = objectAtEnd(text, 0);
      return object && { kind: 'fini', pid, object };
    },
  ],
  ['closing file=', parseClosed],
  ['conflict processing: ', (pid, object) => ({ kind: 'conflicts', pid, object })],
  [
    'cannot load auxiliary `',
    (pid, text) => {
      const end = "' because of empty dynamic string token substitution";
      return text.endsWith(end)
        ? { kind: 'filter-skipped', pid, library: text.slice(0, -end.length) }
        : undefined;
    },
  ],
  [
    'relocation processing: ',
    (pid, text) => {
      const isLazy = text.endsWith(' (lazy)');
      return { kind: 'relocate', pid, object: isLazy ? text.slice(0, -7) : text, isLazy };
    },
  ],
  ['runtime linker statistics:', bare({ kind: 'statistics' })],
  ['initialize program: ', (pid, program) => ({ kind: 'initialize', pid, program })],
  ['Initial object scopes', bare({ kind: 'scopes' })],
  ['transferring control: ', (pid, program) => ({ kind: 'transfer', pid, program })],
  [
    'object=',
    (pid, text) => {
      const object = objectAtEnd(text, 0);
      return object && { kind: 'scope-of', pid, object };
    },
  ],
  ['opening file=', parseOpened],
  [
    'add ',
    (pid, text) => {
      const end = ' to global scope';
      const object = text.endsWith(end) ? objectAtEnd(text, 0, text.length - end.length) : undefined;
      return object && { kind: 'global', pid, object };
    },
  ],
  [
    'activating NODELETE for ',
    (pid, text) => {
      const object = objectAtEnd(text, 0);
      return object && { kind: 'nodelete', pid, object, state: 'active', reason: undefined };
    },
  ],
  ['marking ', marked],
  ['load auxiliary object=', filtered],
  ['load filtered object=', filtered],
  ['prelink checking: ', (pid, object) => ({ kind: 'prelink-check', pid, object })],
  ['WARNING: ', (pid, text) => ({ kind: 'notice', pid, text: `WARNING: ${text}` })],
  ['ERROR: ', (pid, text) => ({ kind: 'notice', pid, text: `ERROR: ${text}` })],
];

const BY_FIRST: Readonly<Record<number, readonly (readonly [string, Parsed])[]>> = Object.groupBy(
  BY_PREFIX,
  ([prefix]) => prefix.charCodeAt(0),
) as Record<number, readonly (readonly [string, Parsed])[]>;
