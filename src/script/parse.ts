import type {
  Comment,
  Entry,
  ExternBlock,
  NameEntry,
  Parent,
  Scope,
  Section,
  VersionNode,
  VersionScript,
} from './ast.ts';
import { Lexer } from './lexer.ts';
import { ScriptError } from './script-error.ts';

/** `extern` blocks inside each other; ld.bfd's own stack ends somewhere beyond. */
const MAX_DEPTH = 100;

/** Nodes, parents, labels and names of one script: twice as many as the largest libraries export. */
const MAX_ENTRIES = 100_000;

/**
 * Reads a version script: everything that at least one of ld.bfd, ld.gold and ld.lld means by one, comments
 * included. Throws `ScriptError`, a `FormatError` that knows line and column, for what is none.
 */
export function parseScript(text: string, path = 'version script'): VersionScript {
  const lexer = new Lexer(path, text);
  const nodes: VersionNode[] = [];
  do nodes.push(readNode(lexer));
  while (lexer.kind !== 'end');
  return { path, text, nodes, end: lexer.comments };
}

function expect(lexer: Lexer, kind: '{' | '}' | ';', after: string): void {
  if (lexer.kind !== kind) lexer.fail(`'${kind}' after ${after}`);
  lexer.advance();
}

function countEntry(lexer: Lexer): void {
  if (++lexer.entries > MAX_ENTRIES) {
    throw new ScriptError(
      'limit',
      lexer.path,
      lexer.text,
      lexer.start,
      `more than ${MAX_ENTRIES} names, labels and nodes`,
    );
  }
}

const isClosing = ({ kind }: Lexer): boolean => kind === '}';
const head = ({ start: at, gap, comments }: Lexer) => ({ at, gap, comments });

function readNode(lexer: Lexer): VersionNode {
  countEntry(lexer);
  const place = head(lexer);
  let name: string | undefined;
  if (lexer.kind === 'name') {
    name = lexer.value;
    lexer.advance();
  } else if (lexer.kind !== '{') lexer.fail("a version name or '{'");
  expect(lexer, '{', name === undefined ? 'the start' : `the version name ${name}`);
  const sections: Section[] = [];
  while (!isClosing(lexer)) sections.push(readSection(lexer, sections.length === 0));
  const end = lexer.comments;
  lexer.advance();
  const parents: Parent[] = [];
  while (lexer.kind === 'name' && name !== undefined) {
    countEntry(lexer);
    parents.push({ name: lexer.value, at: lexer.start });
    lexer.advance();
  }
  expect(lexer, ';', parents.length > 0 ? `the version name ${parents.at(-1)!.name}` : "'}'");
  return { ...place, ...(name === undefined ? {} : { name }), sections, parents, end };
}

/** A section with its label, or what stands in a node before the first label. */
function readSection(lexer: Lexer, first: boolean): Section {
  countEntry(lexer);
  const place = head(lexer);
  const label = labelAt(lexer);
  if (label === undefined) {
    if (!first) lexer.fail("a name, 'global:', 'local:' or '}'");
    const entries = readEntries(lexer, 0);
    return { ...place, comments: [], glued: false, apart: false, entries };
  }
  lexer.advance();
  const apart = lexer.start !== lexer.previousEnd;
  const colonEnd = lexer.end;
  lexer.advance();
  const glued = lexer.kind === 'name' && lexer.start === colonEnd;
  return { ...place, label, glued: glued && !apart, apart: glued && apart, entries: readEntries(lexer, 0) };
}

/** `global` and `local` are names too: a colon makes them labels. */
function labelAt(lexer: Lexer): Scope | undefined {
  if (lexer.kind !== 'name') return undefined;
  const word = lexer.end - lexer.start > 6 ? '' : lexer.value;
  if (word !== 'global' && word !== 'local') return undefined;
  return lexer.peek() === ':' ? word : undefined;
}

function readEntries(lexer: Lexer, depth: number): Entry[] {
  const entries: Entry[] = [];
  while (!isClosing(lexer) && labelAt(lexer) === undefined) {
    const entry = readEntry(lexer, depth);
    entries.push(entry);
    if (depth === 0 || !isClosing(lexer))
      expect(lexer, ';', entry.kind === 'extern' ? "'}'" : `'${entry.text.slice(0, 60)}'`);
  }
  return entries;
}

function readEntry(lexer: Lexer, depth: number): Entry {
  countEntry(lexer);
  const place = head(lexer);
  if (lexer.kind !== 'name' && lexer.kind !== 'quoted') {
    lexer.fail(depth === 0 ? "a name, 'global:', 'local:' or '}'" : "a name or '}'");
  }
  const text = lexer.value;
  const quoted = lexer.kind === 'quoted';
  const { end } = lexer;
  lexer.advance();
  if (!quoted && text === 'extern' && (lexer.kind === 'quoted' || lexer.kind === 'name')) {
    return readExtern(lexer, place, depth);
  }
  const touchesComment = !quoted && lexer.text.startsWith('/*', end);
  return { kind: 'name', ...place, text, quoted, touchesComment } satisfies NameEntry;
}

function readExtern(
  lexer: Lexer,
  place: { at: number; gap: boolean; comments: readonly Comment[] },
  depth: number,
): ExternBlock {
  const language = lexer.value;
  const languageQuoted = lexer.kind === 'quoted';
  lexer.advance();
  if (depth >= MAX_DEPTH) {
    throw new ScriptError('limit', lexer.path, lexer.text, place.at, `more than ${MAX_DEPTH} nested blocks`);
  }
  expect(lexer, '{', `extern "${language}"`);
  const entries = readEntries(lexer, depth + 1);
  if (!isClosing(lexer)) lexer.fail("a name or '}'");
  const end = lexer.comments;
  lexer.advance();
  return { kind: 'extern', ...place, language, languageQuoted, entries, end };
}
