import { FormatError, type FormatErrorCode } from '../bytes/index.ts';
import { type Position, positionOf } from './ast.ts';

/** A version script that no linker takes: where, and what was expected there. */
export class ScriptError extends FormatError {
  readonly path: string;
  readonly position: Position;

  constructor(code: FormatErrorCode, path: string, text: string, at: number, detail: string) {
    super(code, path, at, detail);
    this.path = path;
    this.position = positionOf(text, at);
    this.message = `${path}:${this.position.line}:${this.position.column}: ${detail}`;
  }
}
