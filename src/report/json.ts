import type { Report } from '../model/index.ts';

/** Pieces of about this many characters are handed on, so that no result has to fit into one string. */
const CHUNK = 1 << 16;

/** Down to this depth a value is taken apart; below it `JSON.stringify` does a whole element at once. */
const SPLIT_DEPTH = 4;

/**
 * Writes a value as JSON with an indent of two and a newline at the end, in pieces. Keys keep the order in
 * which they were made. A bigint is a `TypeError`: addresses are hex strings in every report.
 */
export function writeJson(value: unknown, write: (chunk: string) => void): void {
  let pending = '';
  const put = (text: string): void => {
    pending += text;
    if (pending.length >= CHUNK) {
      write(pending);
      pending = '';
    }
  };
  putValue(value, 0, put);
  write(`${pending}\n`);
}

function putValue(value: unknown, depth: number, put: (text: string) => void): void {
  if (depth >= SPLIT_DEPTH || typeof value !== 'object' || value === null) {
    put((JSON.stringify(value, null, 2) ?? 'null').replaceAll('\n', `\n${'  '.repeat(depth)}`));
    return;
  }
  const isArray = Array.isArray(value);
  const entries = isArray
    ? value.map((item): [string, unknown] => ['', item])
    : Object.entries(value).filter(([, item]) => item !== undefined);
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) {
    put(open + close);
    return;
  }
  const indent = `\n${'  '.repeat(depth + 1)}`;
  let before = open + indent;
  for (const [key, item] of entries) {
    put(isArray ? before : `${before}${JSON.stringify(key)}: `);
    putValue(item, depth + 1, put);
    before = `,${indent}`;
  }
  put(`\n${'  '.repeat(depth)}${close}`);
}

/** A report as one JSON document. */
export function renderJson(report: Report): string {
  const chunks: string[] = [];
  writeJson(report, (chunk) => chunks.push(chunk));
  return chunks.join('');
}
