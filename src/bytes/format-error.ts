/** Why a file cannot be read as what it claims to be. */
export type FormatErrorCode =
  | 'truncated' // the bytes end before the structure does
  | 'bad-magic' // not this kind of file at all
  | 'bad-value' // a field holds a value that the specification forbids
  | 'overlong' // a variable-length number is longer than its type allows
  | 'limit' // well formed, but larger than solder is willing to take
  | 'unsupported'; // well formed, but a variant that solder does not read

/**
 * The only error that leaves a parser: what is wrong, in which part of the file, and at which file offset.
 * A `RangeError` or `TypeError` out of a parser is a bug of solder.
 */
export class FormatError extends Error {
  readonly code: FormatErrorCode;
  /** The part of the file, as its format names it: `ELF header`, `.dynsym`, `DT_GNU_HASH`… */
  readonly section: string;
  /** Offset in bytes from the start of the file. */
  readonly offset: number;
  readonly detail: string;

  constructor(code: FormatErrorCode, section: string, offset: number, detail: string) {
    super(`${section}+0x${offset.toString(16)}: ${detail}`);
    this.name = 'FormatError';
    this.code = code;
    this.section = section;
    this.offset = offset;
    this.detail = detail;
  }
}
