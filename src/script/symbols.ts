import type { Pattern } from './patterns.ts';

/** A symbol as a linker gets it from an object, before it is given a version. */
export interface SymbolToAssign {
  /** Without the version that a `.symver` directive has put behind it. */
  readonly name: string;
  /** False for a reference: version scripts are about definitions. */
  readonly defined: boolean;
  readonly binding: 'global' | 'weak' | 'unique';
  readonly visibility: 'default' | 'protected' | 'hidden' | 'internal';
  /** From `name@version` or, as the default, `name@@version`. */
  readonly symver?: { readonly version: string; readonly isDefault: boolean };
  /** Equal for two names of one definition; undefined where that is not known. */
  readonly place?: string;
}

/** Why a symbol is exported or not. */
export type Reason =
  | 'pattern' // a pattern of the script took it
  | 'no-pattern' // nothing names it: it is exported as if there were no script
  | 'symver' // the object itself gives it a version
  | 'duplicate' // the object has the name with a version already, which stands for this one too
  | 'clash' // ld.gold: the object has the same name and version already, for something else
  | 'visibility'; // the object itself hides it

/** What becomes of a symbol. */
export interface Assignment {
  readonly symbol: SymbolToAssign;
  readonly exported: boolean;
  /** The node whose version it gets; undefined: no version. */
  readonly version?: string;
  readonly isDefault: boolean;
  readonly reason: Reason;
  /** The pattern that decided. */
  readonly pattern?: Pattern;
}
