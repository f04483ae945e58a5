import {
  type Change,
  type ExportedSymbol,
  exportName,
  type LibraryExports,
  type SymbolPair,
} from '../../model/index.ts';
import type { NamedSymbol } from './class-changes.ts';
import { type CxxName, isStandard } from './cxx-name.ts';
import { come, counted, gone, isData, makeChange } from './make-change.ts';

/** One entity with all its symbols: a constructor's variants, a function in each of its versions. */
interface Entity {
  readonly cxx: CxxName | undefined;
  readonly symbols: readonly ExportedSymbol[];
}

/** Exports that are gone and exports that are new; a function that only changed its signature is one change. */
export function presenceChanges(
  removed: readonly NamedSymbol[],
  added: readonly NamedSymbol[],
  sides: readonly LibraryExports[],
): Change[] {
  const takesRuntime = sides.some(({ needed }) => needed.some((name) => RUNTIME.test(name)));
  const foreignOld = new Set(takesRuntime ? removed.filter(isForeign) : []);
  const foreignNew = new Set(takesRuntime ? added.filter(isForeign) : []);
  const gone = entities(removed.filter((named) => !foreignOld.has(named)));
  const come = entities(added.filter((named) => !foreignNew.has(named)));
  const signatures = signatureChanges(gone, come);
  const isPaired = (entity: Entity) => signatures.paired.has(entity);
  return [
    ...signatures.changes,
    ...gone.filter((entity) => !isPaired(entity)).map(removedChange),
    ...come.filter((entity) => !isPaired(entity)).map(addedChange),
    ...instantiationChanges([...foreignOld], [...foreignNew]),
  ];
}

function entities(named: readonly NamedSymbol[]): Entity[] {
  const groups = Map.groupBy(named, ({ symbol, cxx }) => cxx?.full ?? symbol.name);
  return [...groups.values()].map((group) => ({
    cxx: group[0]!.cxx,
    symbols: group.map(({ symbol }) => symbol),
  }));
}

/** Without one of these on either side the library is the C++ runtime, or has it inside. */
const RUNTIME = /^lib(?:std)?c\+\+[\w-]*\.so/;

/**
 * A weak definition out of namespace std, in a library that takes its C++ runtime from elsewhere: an inline
 * function or a template that its own code happened to instantiate. Whoever else uses it instantiated it too,
 * or has it from the runtime; it is no part of this library's interface.
 */
const isForeign = ({ symbol, cxx }: NamedSymbol): boolean =>
  symbol.binding !== 'GLOBAL' && cxx !== undefined && isStandard(cxx);

function instantiationChanges(removed: readonly NamedSymbol[], added: readonly NamedSymbol[]): Change[] {
  const change = (
    named: readonly NamedSymbol[],
    verb: string,
    toPair: (symbol: ExportedSymbol) => SymbolPair,
  ) => {
    const symbols = named.map(({ symbol }) => symbol);
    const isLoss = verb === 'gone';
    return makeChange({
      kind: 'abi.instantiation',
      effect: 'identical',
      severity: isLoss ? 'warning' : 'note',
      subject: symbols[0]!.name,
      message: `${counted(symbols.length, 'inline function')} or templates of the standard library ${verb}`,
      consequence: isLoss
        ? 'none, unless a header of the library declares one as extern template'
        : 'none: they are no interface of this library',
      symbols: symbols.map(toPair),
    });
  };
  return [
    ...(removed.length === 0 ? [] : [change(removed, 'gone', gone)]),
    ...(added.length === 0 ? [] : [change(added, 'exported now', come)]),
  ];
}

function removedChange({ cxx, symbols }: Entity): Change {
  const [first] = symbols;
  const data = isData(first!);
  // Compilers make all tables of classes weak: of those it says nothing.
  const weak = !data && cxx !== undefined && symbols.every(({ binding }) => binding !== 'GLOBAL');
  const note = weak ? ' (weak: inline or a template, of which its users may have their own copies)' : '';
  return makeChange({
    kind: data ? 'abi.variable-removed' : 'abi.function-removed',
    effect: 'incompatible',
    subject: first!.name,
    message: `${entityName(symbols)}${note}`,
    consequence: data
      ? 'the program does not start: undefined symbol'
      : 'the program ends at the first call: undefined symbol; bound at start (-z now) it does not start',
    symbols: symbols.map(gone),
    fix: 'keep it, if only as a forwarder; or raise the major version',
  });
}

function addedChange({ symbols }: Entity): Change {
  const [first] = symbols;
  return makeChange({
    kind: 'abi.added',
    effect: 'compatible',
    subject: first!.name,
    message: entityName(symbols),
    consequence: 'nothing: no program asks for it yet',
    symbols: symbols.map(come),
  });
}

/** Variants of a constructor read the same: one of them stands for all. */
function entityName(symbols: readonly ExportedSymbol[]): string {
  const versions = new Set(symbols.map(({ version }) => version));
  return versions.size === 1 ? exportName(symbols[0]!) : symbols.map(exportName).join(', ');
}

const OVERLOADABLE = new Set(['function', 'constructor', 'destructor', 'operator', 'conversion']);

/** A removed and an added function that share all but the signature, the best matches first. */
function signatureChanges(
  removed: readonly Entity[],
  added: readonly Entity[],
): { readonly changes: readonly Change[]; readonly paired: ReadonlySet<Entity> } {
  const isOverloadable = ({ cxx }: Entity) => cxx !== undefined && OVERLOADABLE.has(cxx.description.role);
  const successors = Map.groupBy(added.filter(isOverloadable), ({ cxx }) => cxx!.bare);
  const paired = new Set<Entity>();
  const changes: Change[] = [];
  for (const [bare, before] of Map.groupBy(removed.filter(isOverloadable), ({ cxx }) => cxx!.bare)) {
    const after = successors.get(bare) ?? [];
    // The same parameters first: then a method became const, and nothing else.
    for (const strict of [true, false]) {
      for (const old of before) {
        if (paired.has(old)) continue;
        const now = after.find(
          (entity) => !paired.has(entity) && (!strict || entity.cxx!.parameters === old.cxx!.parameters),
        );
        if (now === undefined) continue;
        paired.add(old).add(now);
        changes.push(signatureChange(old, now));
      }
    }
  }
  return { changes, paired };
}

function signatureChange(old: Entity, now: Entity): Change {
  const subject = old.symbols[0]!;
  return makeChange({
    kind: 'abi.signature-changed',
    effect: 'incompatible',
    subject: subject.name,
    message: `${exportName(subject)}: ${difference(old.cxx!, now.cxx!)}`,
    consequence: 'the old name is gone: undefined symbol at the first call, or at start (-z now)',
    symbols: [...old.symbols.map(gone), ...now.symbols.map(come)],
    fix: 'keep the old function beside the new one as an overload',
  });
}

function difference(old: CxxName, now: CxxName): string {
  const facts: string[] = [];
  if (old.parameters !== now.parameters) facts.push(`parameters ${old.parameters} became ${now.parameters}`);
  if (old.qualifiers !== now.qualifiers) facts.push(qualifierChange(old.qualifiers, now.qualifiers));
  if (old.abiTags !== now.abiTags) {
    facts.push(`ABI tag ${old.abiTags || 'none'} became ${now.abiTags || 'none'} (the other std::string?)`);
  }
  return facts.length === 0 ? `is ${now.full} now` : facts.join(', ');
}

function qualifierChange(old: string, now: string): string {
  if (now === 'const' && old === '') return 'became const';
  if (old === 'const' && now === '') return 'is no longer const';
  return `qualifiers ${old || 'none'} became ${now || 'none'}`;
}
