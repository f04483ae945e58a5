import type { TraceEvent } from './event.ts';
import { digits } from './message-parts.ts';
import { parseMessage } from './parse-message.ts';
import { parseUntagged } from './untagged.ts';

/** What else stands in the log. */
export interface LogKind {
  /**
   * `loader`: a file of LD_DEBUG_OUTPUT, in which a line without a process number continues the one before it: a
   * name had a line break. `mixed`: a process's standard error, in which it is the process's own.
   */
  readonly source: 'loader' | 'mixed';
}

/** Longer lines are cut: nothing that the loader prints comes near. */
const LINE_LIMIT = 1 << 22;

/** A message that was interrupted by another thread, or that may go on in the next line. */
interface Begun {
  readonly pid: number;
  text: string;
}

/**
 * Turns the text of a log into events, a piece of the text at a time: keeps no more than a line of it. The loader
 * writes a tag (`     1234:` and a tab) before each line of a message, but not after a line break in a name
 * (glibc elf/dl-printf.c). A message that consists of several writes may be torn by another thread's.
 */
export class TraceReader {
  /** Lines so far, blank ones included. */
  lines = 0;
  private readonly emit: (event: TraceEvent) => void;
  private readonly isMixed: boolean;
  private rest = '';
  private held: Begun | undefined;
  /** Messages that others have torn apart; the last one goes on first. */
  private readonly torn: Begun[] = [];
  /** The log has been through a system that ends lines with CR LF. */
  private hasReturns = false;
  private context: TraceEvent | undefined;

  constructor({ source }: LogKind, emit: (event: TraceEvent) => void) {
    this.isMixed = source === 'mixed';
    this.emit = emit;
  }

  push(text: string): void {
    let start = 0;
    let end = text.indexOf('\n');
    if (end >= 0 && this.rest !== '') {
      const first = this.rest + text.slice(0, end);
      this.rest = '';
      this.line(first);
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    for (; end >= 0; end = text.indexOf('\n', start)) {
      this.line(text.slice(start, end));
      start = end + 1;
    }
    this.rest += text.slice(start);
    if (this.rest.length > LINE_LIMIT) {
      const cut = this.rest;
      this.rest = '';
      this.line(cut);
    }
  }

  /** Nothing more will come soon: the message that might have gone on is complete. */
  settle(): void {
    if (this.held === undefined) return;
    const { pid, text } = this.held;
    this.held = undefined;
    this.message(pid, text);
  }

  end(): void {
    if (this.rest !== '') {
      const last = this.rest;
      this.rest = '';
      this.line(last);
    }
    this.settle();
    for (const { pid, text } of this.torn.splice(0)) this.message(pid, text);
  }

  private line(line: string): void {
    this.lines++;
    if (this.lines === 1) this.hasReturns = line.endsWith('\r');
    this.piece(this.hasReturns && line.endsWith('\r') ? line.slice(0, -1) : line);
  }

  private piece(line: string): void {
    const colon = tagEnd(line);
    const start = colon < 0 ? -1 : this.messageStart(line, colon);
    if (start < 0) {
      this.untagged(line);
      return;
    }
    this.settle();
    const pid = digits(line, lastBlank(line, colon) + 1, colon);
    if (line.length <= start) return; // blank
    const second = innerTag(line, start);
    if (second < 0) {
      this.held = { pid, text: line.slice(start) };
      return;
    }
    this.torn.push({ pid, text: line.slice(start, second) });
    this.piece(line.slice(second));
  }

  /** Where the message after a tag begins; -1: it is no tag. */
  private messageStart(line: string, colon: number): number {
    if (line.charCodeAt(colon + 1) === TAB) return colon + 2;
    if (!this.isMixed) return -1;
    // Copied from a terminal: the tab has become blanks, which an editor or a web page takes from the end of a line.
    const isTag = line.length === colon + 1 || line.startsWith(COPIED_TAB, colon + 1);
    return isTag && colon === TAG_WIDTH ? colon + 1 + COPIED_TAB.length : -1;
  }

  private untagged(line: string): void {
    const second = innerTag(line, 0);
    const text = second < 0 ? line : line.slice(0, second);
    const torn = this.torn.at(-1);
    if (torn !== undefined && second < 0) {
      this.settle();
      this.torn.pop();
      this.message(torn.pid, torn.text + text);
    } else if (torn !== undefined) {
      this.settle();
      torn.text += text;
    } else this.continuation(text);
    if (second >= 0) this.piece(line.slice(second));
  }

  /** A line that belongs to the one before it, or to somebody else. */
  private continuation(text: string): void {
    const { held } = this;
    if (held !== undefined && (!this.isMixed || parseMessage(held.pid, held.text) === undefined)) {
      const joined = `${held.text}\n${text}`;
      if (!this.isMixed || parseMessage(held.pid, joined) !== undefined) {
        held.text = joined;
        return;
      }
    }
    this.settle();
    if (text === '') return;
    this.deliver(
      parseUntagged(text, this.context) ?? { kind: this.isMixed ? 'output' : 'unknown', pid: 0, text },
    );
  }

  private message(pid: number, text: string): void {
    this.deliver(parseMessage(pid, text) ?? { kind: 'unknown', pid, text });
  }

  private deliver(event: TraceEvent): void {
    this.context = event;
    this.emit(event);
  }
}

const TAB = 0x09;
/** Width of the process number in a tag (glibc elf/dl-printf.c). */
const TAG_WIDTH = 10;
/** What a terminal makes of the tab after a tag. */
const COPIED_TAB = '     ';

const isBlank = (code: number): boolean => code === 0x20;

/** Where the colon of a line's tag stands: after blanks and digits. -1: the line has none. */
function tagEnd(line: string): number {
  let at = 0;
  while (isBlank(line.charCodeAt(at))) at++;
  const first = at;
  for (let code = line.charCodeAt(at); code >= 0x30 && code <= 0x39; code = line.charCodeAt(at)) at++;
  return at > first && line.charCodeAt(at) === 0x3a ? at : -1;
}

function lastBlank(line: string, before: number): number {
  let at = before - 1;
  while (at >= 0 && !isBlank(line.charCodeAt(at))) at--;
  return at;
}

/** Where another tag begins within a line; -1: nowhere. */
function innerTag(line: string, from: number): number {
  for (let at = line.indexOf(':\t', from); at >= 0; at = line.indexOf(':\t', at + 1)) {
    const start = at - TAG_WIDTH;
    if (start >= from && /^ +\d+$/.test(line.slice(start, at))) return start;
  }
  return -1;
}
