import { symbolBindingName } from '../../elf/index.ts';
import type { Severity } from '../../model/index.ts';
import type { ConflictKind } from './conflict-kind.ts';
import type { Conflict, Definer } from './find-conflicts.ts';
import type { JudgedConflict } from './judge-conflict.ts';

/** One definition of a contended name. */
export interface DefinerFacts {
  readonly object: string;
  readonly size: number;
  /** STB_GLOBAL, STB_WEAK or STB_GNU_UNIQUE. */
  readonly binding: string;
  readonly version?: string;
  /** Where the object's own look-ups of the name go; absent when it makes none. */
  readonly ownReferencesGoTo?: string;
}

/** A conflict as plain data; definers in lookup order, the winner first. */
export interface ConflictFacts {
  readonly name: string;
  readonly kind: ConflictKind;
  readonly severity: Severity;
  readonly reason: string;
  readonly definers: readonly DefinerFacts[];
  /** All objects that refer to the name, with what each one gets. */
  readonly references: readonly { readonly from: string; readonly to: string }[];
}

export interface ProcessConflicts {
  readonly path: string;
  readonly objects: number;
  readonly lookups: number;
  readonly conflicts: readonly ConflictFacts[];
}

export interface ConflictsFacts {
  readonly roots: readonly ProcessConflicts[];
}

export function conflictFacts(conflicts: readonly JudgedConflict[]): ConflictFacts[] {
  return conflicts.map((conflict) => {
    const { name, kind, severity, reason, winner, losers, references } = conflict;
    return {
      name,
      kind,
      severity,
      reason,
      definers: [winner, ...losers].map((definer) => definerFacts(conflict, definer)),
      references: references.map(({ from, to }) => ({ from: from.path, to: to.path })),
    };
  });
}

function definerFacts({ references }: Conflict, { object, size, binding, version }: Definer): DefinerFacts {
  const own = references.find(({ from }) => from === object);
  return {
    object: object.path,
    size,
    binding: symbolBindingName(binding),
    ...(version === undefined ? {} : { version }),
    ...(own === undefined ? {} : { ownReferencesGoTo: own.to.path }),
  };
}
