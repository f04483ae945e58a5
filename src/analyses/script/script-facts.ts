import type { LinkerName, Reason, Scope } from '../../script/index.ts';

/** What a linker makes of one definition. */
export interface ScriptSymbol {
  readonly name: string;
  /** The file it was found in; in an archive with the member: `libfoo.a(member.o)`. */
  readonly object: string;
  readonly exported: boolean;
  readonly version?: string;
  /** `name@@version` and not `name@version`. */
  readonly isDefault: boolean;
  readonly reason: Reason;
  /** The pattern that took it. */
  readonly pattern?: PatternFacts;
}

export interface PatternFacts {
  readonly text: string;
  /** Empty for the anonymous node. */
  readonly node: string;
  readonly scope: Scope;
  /** `file:line:column` */
  readonly place: string;
}

export interface ScriptNodeFacts {
  readonly name: string;
  readonly parents: readonly string[];
  readonly globals: number;
  readonly locals: number;
}

/** `script test` and `script lint` */
export interface ScriptFacts {
  readonly linker: LinkerName;
  readonly refused: boolean;
  readonly nodes: readonly ScriptNodeFacts[];
  readonly symbols: readonly ScriptSymbol[];
}

/** `name`, `name@version` or `name@@version`, as tools print it. */
export function versionedName(name: string, version: string | undefined, isDefault: boolean): string {
  return version === undefined ? name : `${name}${isDefault ? '@@' : '@'}${version}`;
}
