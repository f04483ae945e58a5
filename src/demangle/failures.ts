/** Why a name is not a mangled one, and where in it: thrown inside a parser, caught at its entrance. */
export class ParseFailure {
  readonly reason: string;
  readonly offset: number;

  constructor(reason: string, offset: number) {
    this.reason = reason;
    this.offset = offset;
  }
}

/** Why a tree cannot be printed: thrown inside a printer, caught at its entrance. */
export class PrintFailure {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A template parameter has no argument where it is printed. */
export class UnboundParameter extends PrintFailure {}
