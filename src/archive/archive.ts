import { type ByteSource, FormatError, windowSource } from '../bytes/index.ts';
import { HEADER_SIZE, hasTerminator, type MemberHeader, parseMemberHeader } from './member-header.ts';
import { inlineName, type NameForm, nameForm, tableName } from './member-name.ts';
import { indexName, parseBsdIndex, parseGnuIndex, type RawSymbolIndex } from './symbol-index.ts';

/** One member of an archive, in file order. Names need not be unique. */
export interface ArchiveMember {
  /** The name as stored; in a thin archive a path, relative to the archive's directory unless absolute. */
  readonly name: string;
  /** File offset of the member's header, which is what a symbol index points to. */
  readonly headerOffset: number;
  /** Bytes of its contents. */
  readonly size: number;
  /** Its contents, read in place; absent in a thin archive, where `name` is the file to read. */
  readonly source?: ByteSource;
  /** In a thin archive: `name` is itself an archive, and the member is the one with this `headerOffset`. */
  readonly nestedOffset?: number;
}

/** The symbol index: entry `i` says that member `members[memberOf[i]]` defines `name(i)`. */
export interface SymbolIndex {
  readonly count: number;
  /** Ordinal of the member; -1 where the index points to no member. */
  readonly memberOf: Int32Array;
  name(entry: number): string;
}

/** An ar archive, as far as its own headers tell. */
export interface Archive {
  /** Members are files outside (`!<thin>`, GNU). */
  readonly thin: boolean;
  readonly members: readonly ArchiveMember[];
  /** What ranlib wrote; absent when nobody did. */
  readonly symbolIndex?: SymbolIndex;
  /** What is not as it should be, but could be read all the same. */
  readonly oddities: readonly string[];
}

const MAGIC_SIZE = 8;
const MAGIC = '!<arch>\n';
const THIN_MAGIC = '!<thin>\n';
const BSD_INDEX = /^__\.SYMDEF(_64)?( SORTED)?$/;

/** Whether a file that starts with these bytes claims to be an archive. */
export function isArchive(start: Uint8Array): boolean {
  return archiveMagic(start) !== undefined;
}

function archiveMagic(start: Uint8Array): string | undefined {
  const magic = String.fromCharCode(...start.subarray(0, MAGIC_SIZE));
  return magic === MAGIC || magic === THIN_MAGIC ? magic : undefined;
}

/**
 * Reads the member list and the symbol index of an ar archive in the GNU, BSD or thin variant (ar(5), and
 * BFD's for what it leaves open). The contents of members are not touched.
 */
export function readArchive(source: ByteSource): Archive {
  const start = source.read(0, Math.min(MAGIC_SIZE, source.size), 'archive');
  const magic = archiveMagic(start);
  if (magic === undefined) throw new FormatError('bad-magic', 'archive', 0, 'not an ar archive');
  const reading: Reading = { source, thin: magic === THIN_MAGIC, members: [], oddities: [] };
  for (let offset = MAGIC_SIZE; offset < source.size; ) {
    offset = nextHeader(reading, readMember(reading, offset));
  }
  const { thin, members, oddities, rawIndex } = reading;
  if (!rawIndex) return { thin, members, oddities };
  return { thin, members, symbolIndex: resolveIndex(rawIndex, members, oddities), oddities };
}

/** What has been read so far. */
interface Reading {
  readonly source: ByteSource;
  readonly thin: boolean;
  readonly members: ArchiveMember[];
  readonly oddities: string[];
  rawIndex?: RawSymbolIndex;
  nameTable?: { readonly bytes: Uint8Array; readonly offset: number };
}

/** Reads the member whose header is at `offset`; gives the file offset at which its bytes end. */
function readMember(reading: Reading, offset: number): number {
  const { source } = reading;
  const header = parseMemberHeader(source.read(offset, HEADER_SIZE, 'member header'), offset);
  const form = nameForm(header.rawName, offset);
  const contents = offset + HEADER_SIZE;
  switch (form.kind) {
    case 'symbol-index': {
      const bytes = source.read(contents, header.size, header.rawName);
      if (reading.rawIndex)
        reading.oddities.push(`a second symbol index at 0x${offset.toString(16)} is ignored`);
      else reading.rawIndex = parseGnuIndex(bytes, form.wordSize, contents);
      return contents + header.size;
    }
    case 'name-table':
      reading.nameTable = { bytes: source.read(contents, header.size, '//'), offset: contents };
      return contents + header.size;
    case 'short':
    case 'table':
    case 'inline':
      return readFileMember(reading, offset, header, form);
  }
}

type FileNameForm = Extract<NameForm, { kind: 'short' | 'table' | 'inline' }>;

function readFileMember(
  reading: Reading,
  headerOffset: number,
  header: MemberHeader,
  form: FileNameForm,
): number {
  const { source } = reading;
  const afterHeader = headerOffset + HEADER_SIZE;
  if (form.kind === 'inline' && form.length > header.size) {
    const detail = `a name of ${form.length} bytes in a member of ${header.size}`;
    throw new FormatError('bad-value', 'member header', headerOffset, detail);
  }
  const inlineLength = form.kind === 'inline' ? form.length : 0;
  const name = memberName(reading, form, afterHeader, headerOffset);
  const size = header.size - inlineLength;
  if (reading.thin) {
    const nested = form.kind === 'table' && form.nestedOffset !== undefined;
    reading.members.push(
      nested ? { name, headerOffset, size, nestedOffset: form.nestedOffset! } : { name, headerOffset, size },
    );
    return afterHeader + inlineLength;
  }
  const contents = windowSource(source, afterHeader + inlineLength, size, name);
  const bsdIndex = reading.members.length === 0 && BSD_INDEX.exec(name);
  if (bsdIndex && !reading.rawIndex) {
    const wordSize = bsdIndex[1] ? 8 : 4;
    reading.rawIndex = parseBsdIndex(contents.read(0, size, name), wordSize, afterHeader + inlineLength);
  } else {
    reading.members.push({ name, headerOffset, size, source: contents });
  }
  return afterHeader + header.size;
}

function memberName(reading: Reading, form: FileNameForm, afterHeader: number, headerOffset: number): string {
  switch (form.kind) {
    case 'short':
      return form.name;
    case 'inline':
      return inlineName(reading.source.read(afterHeader, form.length, 'member name'));
    case 'table': {
      const table = reading.nameTable;
      if (!table) {
        throw new FormatError(
          'bad-value',
          'member header',
          headerOffset,
          'a long name before the name table',
        );
      }
      return tableName(table.bytes, table.offset, form.offset);
    }
  }
}

/**
 * Where the header after a member that ends at `end` starts: members are aligned to two bytes by a line feed.
 * Some writers leave it out at the end of the file, and a few everywhere.
 */
function nextHeader({ source, oddities }: Reading, end: number): number {
  if (end % 2 === 0) return end;
  if (end === source.size) {
    oddities.push('the last member ends at an odd offset without padding');
    return end;
  }
  const padding = source.read(end, 1, 'padding')[0];
  if (padding === 0x0a) return end + 1;
  const unpadded =
    end + HEADER_SIZE <= source.size && hasTerminator(source.read(end, HEADER_SIZE, 'member header'));
  const what = unpadded ? 'is not padded' : 'is padded with something else than a line feed';
  oddities.push(`the member that ends at 0x${end.toString(16)} ${what}`);
  return unpadded ? end : end + 1;
}

/** Header offsets become member ordinals. */
function resolveIndex(
  raw: RawSymbolIndex,
  members: readonly ArchiveMember[],
  oddities: string[],
): SymbolIndex {
  const ordinals = new Map(members.map((member, ordinal) => [member.headerOffset, ordinal]));
  const memberOf = Int32Array.from(raw.headerOffsets, (offset) => ordinals.get(offset) ?? -1);
  const lost = memberOf.reduce((count, ordinal) => count + (ordinal === -1 ? 1 : 0), 0);
  if (lost > 0) oddities.push(`${lost} of ${raw.count} entries of the symbol index point to no member`);
  return { count: raw.count, memberOf, name: (entry) => indexName(raw, entry) };
}
