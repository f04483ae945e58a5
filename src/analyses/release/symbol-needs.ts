import { SHN, STB, symbolBinding, symbolName, VERSYM_INDEX } from '../../elf/index.ts';
import type { DynamicObject } from '../../model/index.ts';

/** A symbol that an object takes from others; `file` is the needed name that the version is expected of. */
interface SymbolNeed {
  readonly name: string;
  readonly version: string | undefined;
  readonly file: string | undefined;
}

/** The versions under which an object defines each name; '' stands for none. */
type Definitions = ReadonlyMap<string, ReadonlySet<string>>;

function* symbolsOf({ symbols, versions: { versym, byIndex } }: DynamicObject, from: number) {
  for (let index = from; index < symbols.count; index++) {
    const version = byIndex.get((versym?.[index] ?? 1) & VERSYM_INDEX);
    yield { index, version, isUndefined: symbols.section[index] === SHN.UNDEF };
  }
}

/** A weak reference that finds nothing does no harm and is not among them. */
export function symbolNeeds(object: DynamicObject): SymbolNeed[] {
  const needs: SymbolNeed[] = [];
  for (const { index, version, isUndefined } of symbolsOf(object, 1)) {
    if (!isUndefined || symbolBinding(object.symbols.info[index]!) !== STB.GLOBAL) continue;
    needs.push({ name: symbolName(object.symbols, index), version: version?.name, file: version?.file });
  }
  return needs;
}

function definitions(object: DynamicObject): Definitions {
  const found = new Map<string, Set<string>>();
  for (const { index, version, isUndefined } of symbolsOf(object, Math.max(1, object.firstHashed))) {
    if (isUndefined) continue;
    const name = symbolName(object.symbols, index);
    const versions = found.get(name) ?? new Set();
    found.set(name, versions.add(version?.name ?? ''));
  }
  return found;
}

/** `name`, or `name@VERSION`. */
const spelled = (name: string, version: string | undefined) => (version ? `${name}@${version}` : name);

/** Compares what objects need with what files define; each object is read once. */
export class SymbolNeeds {
  private readonly needs = new Map<DynamicObject, SymbolNeed[]>();
  private readonly defined = new Map<DynamicObject, Definitions>();

  /** Of what `dependant` takes from the library `needed`, all that `there` defines and `here` does not. */
  missing(dependant: DynamicObject, needed: string, here: DynamicObject, there: DynamicObject): string[] {
    const missed = this.needsOf(dependant).filter(
      (need) =>
        (need.file === undefined || need.file === needed) &&
        this.answers(there, need) &&
        !this.answers(here, need),
    );
    return missed.map(({ name, version }) => spelled(name, version));
  }

  /** What `a` defines and `b` does not. */
  difference(a: DynamicObject, b: DynamicObject): string[] {
    const others = this.definitionsOf(b);
    const only: string[] = [];
    for (const [name, versions] of this.definitionsOf(a)) {
      for (const version of versions) if (!others.get(name)?.has(version)) only.push(spelled(name, version));
    }
    return only.sort();
  }

  /** A library without versions answers to any (glibc elf/dl-lookup.c, check_match). */
  private answers(object: DynamicObject, { name, version }: SymbolNeed): boolean {
    const versions = this.definitionsOf(object).get(name);
    if (versions === undefined) return false;
    return version === undefined || object.versions.versym === undefined || versions.has(version);
  }

  private needsOf(object: DynamicObject): SymbolNeed[] {
    return remembered(this.needs, object, symbolNeeds);
  }

  private definitionsOf(object: DynamicObject): Definitions {
    return remembered(this.defined, object, definitions);
  }
}

function remembered<V>(known: Map<DynamicObject, V>, key: DynamicObject, make: (key: DynamicObject) => V): V {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = make(key)));
  return value;
}

/** The first few of many names. */
export function someOf(names: readonly string[], limit = 5): string {
  const shown = names.slice(0, limit).join(', ');
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
