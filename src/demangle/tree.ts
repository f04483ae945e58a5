import { ParseFailure } from './failures.ts';
import type { Kind } from './kinds.ts';

/** A node of the tree that is being worked on: its row in the columns below. 0 is no node, and of kind 0. */
export type NodeId = number;

/** Larger trees are an attack: a name of six hundred characters needs a hundred nodes. */
export const MAX_NODES = 16_384;
const MAX_ITEMS = 16_384;
/** Bytes; longer names are not read: compilers shorten theirs long before. */
const MAX_NAME = 65_536;
/** Bytes of names that the parser makes: decoded Punycode, invented template parameters. */
const MAX_MADE = 65_536;
/** Texts are copied in words, and so a little more is read than they have. */
const MARGIN = 8;
/** Fixed words and builtin types come before those of a name, and stay. */
const FIRST_TEXT = 1024;
export const FIRST_NODE = 128;

/**
 * The tree of one name, as columns that all names use in turn: whatever a name asks for, no memory is taken
 * but these few hundred kilobytes. What a column holds for a node is said beside its kind, in `Kind`.
 */
export const kindOf = new Uint8Array(MAX_NODES);
export const leftOf = new Uint16Array(MAX_NODES);
export const rightOf = new Uint16Array(MAX_NODES);
export const numberOf = new Int32Array(MAX_NODES);
/** The node's text is `text` from here… */
export const fromOf = new Int32Array(MAX_NODES);
/** …to here. */
export const toOf = new Int32Array(MAX_NODES);
/** The node's items are in `items` from here… */
const firstOf = new Uint16Array(MAX_NODES);
/** …so many. */
export const countOf = new Uint16Array(MAX_NODES);
const items = new Uint16Array(MAX_ITEMS);
/** UTF-8: the fixed words, what is being read, the texts made of it. */
export const text: Buffer = Buffer.alloc(FIRST_TEXT + MAX_NAME + MAX_MADE + MARGIN);
/** The part of `text` that names are read from: whoever has many puts them here at once. */
export const INPUT: Buffer = text.subarray(FIRST_TEXT, FIRST_TEXT + MAX_NAME);

/** Where the name that is being read starts in `text`. */
export let nameStart = FIRST_TEXT;
const encoder = new TextEncoder();

let nodes = 1;
let editions = 0;
let itemsEnd = 0;
/** The texts that are made of the name start here, behind it or behind all that is being read. */
let madeStart = FIRST_TEXT;
let textEnd = 0;
/** The items of lists that are being read, the inner lists above the outer. */
const open = new Uint16Array(MAX_ITEMS);
let openEnd = 0;

/** Forgets the tree before, and puts a name into `text`: returns where it ends. */
export function begin(name: string): number {
  const { read, written } = encoder.encodeInto(name, INPUT);
  if (read < name.length) throw new ParseFailure('name too long', MAX_NAME);
  nameStart = FIRST_TEXT;
  madeStart = FIRST_TEXT + written;
  restart();
  return madeStart;
}

/** Forgets the tree before, for the name that is `INPUT` from `from` to `to`: returns where it ends in `text`. */
export function beginInput(from: number, to: number): number {
  nameStart = FIRST_TEXT + from;
  madeStart = FIRST_TEXT + MAX_NAME;
  restart();
  return FIRST_TEXT + to;
}

/** Forgets the tree of the name that is being read. */
export function restart(): void {
  editions++;
  nodes = FIRST_NODE;
  itemsEnd = 0;
  openEnd = 0;
  textEnd = madeStart;
}

/** Counts the trees that were in the columns. */
export const edition = (): number => editions;

export const nodesEnd = (): NodeId => nodes;

export function node(kind: Kind, left: NodeId = 0, right: NodeId = 0, value = 0): NodeId {
  const id = nodes;
  if (id >= MAX_NODES) throw new ParseFailure('too complex', 0);
  nodes = id + 1;
  kindOf[id] = kind;
  leftOf[id] = left;
  rightOf[id] = right;
  numberOf[id] = value;
  fromOf[id] = 0;
  toOf[id] = 0;
  countOf[id] = 0;
  return id;
}

/** A node with a text, which stands in `text`, and at most one more node. */
export function textNode(kind: Kind, from: number, to: number, left: NodeId = 0): NodeId {
  const id = nodes;
  if (id >= MAX_NODES) throw new ParseFailure('too complex', 0);
  nodes = id + 1;
  kindOf[id] = kind;
  leftOf[id] = left;
  rightOf[id] = 0;
  numberOf[id] = 0;
  fromOf[id] = from;
  toOf[id] = to;
  countOf[id] = 0;
  return id;
}

/** Gives a node its text, which stands in `text`. */
export function spelled(id: NodeId, from: number, to: number): NodeId {
  fromOf[id] = from;
  toOf[id] = to;
  return id;
}

/** Gives a node the text of another. */
export function spelledAs(id: NodeId, other: NodeId): NodeId {
  return spelled(id, fromOf[other]!, toOf[other]!);
}

/** Gives a node a text of its own. */
export function worded(id: NodeId, word: string): NodeId {
  if (textEnd + 3 * word.length > text.length - MARGIN) throw new ParseFailure('too complex', 0);
  const size = text.write(word, textEnd);
  spelled(id, textEnd, textEnd + size);
  textEnd += size;
  return id;
}

/** A node that every name may use. Only while the modules are loaded. */
export function constant(kind: Kind, word: string, value = 0): NodeId {
  return worded(node(kind, 0, 0, value), word);
}

/** Begins a list, which `closeList` ends; lists may be inside lists. */
export const openList = (): number => openEnd;

export function addItem(item: NodeId): void {
  if (openEnd >= MAX_ITEMS) throw new ParseFailure('too complex', 0);
  open[openEnd++] = item;
}

/** An item of a list that is not yet closed. */
export const openItem = (mark: number, index: number): NodeId => open[mark + index]!;

/** Gives a node the items that were added since its list was opened. */
export function closeList(id: NodeId, mark: number): NodeId {
  const count = openEnd - mark;
  if (itemsEnd + count > MAX_ITEMS) throw new ParseFailure('too complex', 0);
  firstOf[id] = itemsEnd;
  countOf[id] = count;
  for (let at = mark; at < openEnd; at++) items[itemsEnd++] = open[at]!;
  openEnd = mark;
  return id;
}

export function itemOf(id: NodeId, index: number): NodeId {
  return index < countOf[id]! ? items[firstOf[id]! + index]! : 0;
}

export function itemsOf(id: NodeId): NodeId[] {
  const first = firstOf[id]!;
  return Array.from(items.subarray(first, first + countOf[id]!));
}

/** The node's text as a string, for the places where speed does not matter. */
export function textOf(id: NodeId): string {
  return textBetween(fromOf[id]!, toOf[id]!);
}

/** Whether the node's text is `word`, of ASCII. */
export function hasText(id: NodeId, word: string): boolean {
  const from = fromOf[id]!;
  if (toOf[id]! - from !== word.length) return false;
  for (let at = 0; at < word.length; at++) if (text[from + at] !== word.charCodeAt(at)) return false;
  return true;
}

/** The first characters of the node's text, up to three, as one number: what `codeOf` makes of them. */
export function codeAt(id: NodeId): number {
  const from = fromOf[id]!;
  const length = toOf[id]! - from;
  const two = text[from]! | (text[from + 1]! << 8);
  return length < 3 ? two : two | (text[from + 2]! << 16);
}

/** A two- or three-letter code as a number. */
export function codeOf(code: string): number {
  return code.charCodeAt(0) | (code.charCodeAt(1) << 8) | ((code.charCodeAt(2) || 0) << 16);
}

/** The first character of the node's text. */
export function letterOf(id: NodeId): string {
  return String.fromCharCode(text[fromOf[id]!]!);
}

export function textBetween(from: number, to: number): string {
  return text.toString('utf8', from, to);
}

/** All of `text` that is in use, a character for each byte. */
export function textSoFar(): string {
  return text.toString('latin1', 0, textEnd);
}

/** Puts back what `textSoFar` returned. */
export function putText(bytes: string): void {
  text.write(bytes, 'latin1');
  textEnd = bytes.length;
}
