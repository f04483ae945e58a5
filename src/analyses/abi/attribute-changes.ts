import { type Change, type ExportedSymbol, exportName, type LibraryExports } from '../../model/index.ts';
import { classOfSpecial } from './class-scope.ts';
import { isData, makeChange, namesOf } from './make-change.ts';
import type { Kept } from './pair-symbols.ts';

type Nature = 'function' | 'variable' | 'thread-local variable' | 'symbol without type';

const NATURES: Readonly<Record<ExportedSymbol['kind'], Nature>> = {
  FUNC: 'function',
  GNU_IFUNC: 'function',
  OBJECT: 'variable',
  COMMON: 'variable',
  TLS: 'thread-local variable',
  NOTYPE: 'symbol without type',
};

/** What differs between a definition and the one that answers for it now. Sizes of classes are told elsewhere. */
export function attributeChanges(kept: readonly Kept[], recent: LibraryExports): Change[] {
  return [
    ...kept.flatMap((pair) => kindChange(pair)),
    ...kept.flatMap((pair) => sizeChange(pair)),
    ...visibilityChanges(kept),
    ...linkageChanges(kept, recent),
  ];
}

/** Code and data are never told apart by a symbol without type: assemblers leave it away. */
function isOtherKind({ old, new: now }: Kept): boolean {
  const before = NATURES[old.kind];
  const after = NATURES[now.kind];
  if (before === after) return false;
  const untyped = 'symbol without type';
  const threadLocal = 'thread-local variable';
  return (before !== untyped && after !== untyped) || before === threadLocal || after === threadLocal;
}

function kindChange(pair: Kept): Change[] {
  if (!isOtherKind(pair)) return [];
  const { old, new: now } = pair;
  return [
    makeChange({
      kind: 'abi.kind-changed',
      effect: 'forbidden',
      subject: old.name,
      message: `${exportName(old)} was a ${NATURES[old.kind]} and is a ${NATURES[now.kind]}`,
      consequence: 'the program uses it as what it was: it crashes or reads something else',
      symbols: [pair],
      fix: 'give the new one another name',
    }),
  ];
}

function sizeChange(pair: Kept): Change[] {
  const { old, new: now } = pair;
  if (!isData(old) || !isData(now) || isOtherKind(pair) || old.size === now.size) return [];
  if (isClassData(old.name)) return [];
  // Assemblers may leave the size away; nobody can have copied what has none.
  const unknown = old.size === 0 || now.size === 0;
  const verb = now.size > old.size ? 'grew' : 'shrank';
  return [
    makeChange({
      kind: 'abi.variable-size',
      effect: unknown ? 'identical' : 'forbidden',
      severity: unknown ? 'warning' : 'error',
      subject: old.name,
      message: `${exportName(old)} ${verb} from ${old.size} to ${now.size} bytes`,
      consequence: sizeConsequence(old, now),
      symbols: [pair],
      fix: 'export a pointer or a function instead, or give the new layout another name',
    }),
  ];
}

/** A program that is not position-independent throughout reserves the old size and has it filled at start. */
function sizeConsequence(old: ExportedSymbol, now: ExportedSymbol): string {
  if (old.kind === 'TLS') return 'the program was compiled for the old layout';
  if (now.size > old.size)
    return 'a copy in the program has the old size: the library reads and writes past its end';
  return 'the program reads and writes past the end of what is there';
}

/** Virtual tables, VTTs, construction vtables and typeinfo, of templates too. */
export const isClassData = (name: string): boolean =>
  classOfSpecial(name) !== undefined || /^_ZT[VTIC]/.test(name);

/**
 * A copy in the program answers every reference but those of the library itself when the variable is
 * protected: the two then hold different values (gABI, Symbol Visibility).
 */
function visibilityChanges(kept: readonly Kept[]): Change[] {
  return kept.flatMap((pair) => {
    const { old, new: now } = pair;
    if (old.visibility === now.visibility) return [];
    const isProtected = now.visibility === 'PROTECTED';
    const splits = isProtected && isData(old) && old.kind !== 'TLS';
    return [
      makeChange({
        kind: 'abi.visibility',
        effect: splits ? 'incompatible' : 'identical',
        subject: old.name,
        message: `${exportName(old)} is ${isProtected ? 'now' : 'no longer'} protected`,
        consequence: splits
          ? 'a copy in the program and the variable in the library part ways'
          : isProtected
            ? 'the library calls its own definition: nobody can interpose another'
            : 'another definition can take its place, in the library too',
        symbols: [pair],
        ...(splits ? { fix: 'export the variable with default visibility' } : {}),
      }),
    ];
  });
}

interface Transition {
  readonly subject: string;
  readonly message: string;
  readonly consequence: string;
  readonly risk: boolean;
}

function transitionsOf({ old, new: now }: Kept): Transition[] {
  const found: Transition[] = [];
  const was = old.binding;
  const is = now.binding;
  if (was !== is) {
    const gains = is === 'GNU_UNIQUE';
    const loses = was === 'GNU_UNIQUE';
    found.push({
      subject: `${was} to ${is}`,
      message: `${was.toLowerCase().replace('_', ' ')} before, ${is.toLowerCase().replace('_', ' ')} now`,
      consequence: gains
        ? 'dlclose no longer unloads the library'
        : loses
          ? 'libraries that are opened apart no longer share it'
          : 'none: ld.so takes weak and global definitions alike',
      risk: gains || loses,
    });
  }
  if (NATURES[old.kind] === NATURES[now.kind] && old.kind !== now.kind) {
    found.push({
      subject: `${old.kind} to ${now.kind}`,
      message:
        now.kind === 'GNU_IFUNC' ? 'chosen at start now (IFUNC)' : `${old.kind} before, ${now.kind} now`,
      consequence: 'none: the call arrives all the same',
      risk: false,
    });
  } else if (
    (old.kind === 'NOTYPE') !== (now.kind === 'NOTYPE') &&
    old.kind !== 'TLS' &&
    now.kind !== 'TLS'
  ) {
    found.push({
      subject: `${old.kind} to ${now.kind}`,
      message: `${NATURES[old.kind]} before, ${NATURES[now.kind]} now`,
      consequence: 'none, if it is what it was',
      risk: false,
    });
  }
  return found;
}

/** One change for all symbols that took the same step. */
function linkageChanges(kept: readonly Kept[], { soname, fileName }: LibraryExports): Change[] {
  const groups = new Map<string, { transition: Transition; pairs: Kept[] }>();
  for (const pair of kept) {
    for (const transition of transitionsOf(pair)) {
      const group = groups.get(transition.subject);
      if (group === undefined) groups.set(transition.subject, { transition, pairs: [pair] });
      else group.pairs.push(pair);
    }
  }
  return [...groups.values()].map(({ transition: { subject, message, consequence, risk }, pairs }) => {
    return makeChange({
      kind: 'abi.linkage',
      effect: risk ? 'identical' : 'compatible',
      severity: risk ? 'warning' : 'note',
      subject: pairs.length === 1 ? pairs[0]!.old.name : `${soname ?? fileName}: ${subject}`,
      message: `${namesOf(pairs.map(({ old }) => old))}: ${message}`,
      consequence,
      symbols: pairs,
    });
  });
}
