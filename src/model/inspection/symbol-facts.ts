/** One symbol; `undefined` fields are absent from JSON. */
export interface SymbolFacts {
  readonly name: string;
  /** The version it is defined with, or needed with. */
  readonly version: string | undefined;
  /** For a definition with a version of this file: whether it is the default one (`@@`). */
  readonly isDefault: boolean | undefined;
  /** For a version of another file: the DT_NEEDED name of the file that must define it. */
  readonly file: string | undefined;
  readonly type: string;
  readonly binding: string;
  readonly visibility: string;
  /** st_other without the visibility, where the architecture uses it. */
  readonly other: string | undefined;
  /** Section header index, or `UND`, `ABS`, `COM` or a reserved index in hexadecimal. */
  readonly section: number | string;
  readonly value: string;
  /** Bytes. */
  readonly size: number;
}
