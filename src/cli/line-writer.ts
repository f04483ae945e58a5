import type { Output } from './output.ts';

/** Characters that are collected before one write. */
const BATCH = 1 << 20;

/**
 * Writes a table of many lines in few large writes. `end` must be called once all lines are there.
 * Fields may hold anything that a file can name: tabs, line breaks and backslashes are written as `\t`,
 * `\n`, `\r` and `\\`, so that a line is always a record.
 */
export class LineWriter {
  private readonly output: Output;
  private pending = '';

  constructor(output: Output) {
    this.output = output;
  }

  /** One record of tab-separated fields. */
  row(...fields: readonly string[]): void {
    let line = '';
    for (let index = 0; index < fields.length; index++) {
      line += (index === 0 ? '' : '\t') + escapeField(fields[index]!);
    }
    this.pending += `${line}\n`;
    if (this.pending.length >= BATCH) this.end();
  }

  end(): void {
    this.output.write(this.pending);
    this.pending = '';
  }
}

const SPECIAL = /[\t\n\r\\]/;
const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

function escapeField(field: string): string {
  if (!SPECIAL.test(field)) return field;
  return field.replace(/[\t\n\r\\]/g, (character) => ESCAPES[character]!);
}
