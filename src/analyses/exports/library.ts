import { baseName, type DynamicObject, isProgram } from '../../model/index.ts';
import { type ExportedSymbol, exportedSymbols, isMangled } from './exported-symbols.ts';
import { THIRD_PARTIES, type ThirdParty } from './third-party.ts';

/** Names of a static runtime or third-party archive among an object's exports. */
interface BundledExports {
  readonly party: ThirdParty;
  readonly symbols: readonly ExportedSymbol[];
}

/** What the rules about exports look at. */
export interface ExportingObject {
  readonly object: DynamicObject;
  /** The path as the user gave it. */
  readonly path: string;
  /** The soname, or the file's name: what findings are about. */
  readonly name: string;
  readonly isProgram: boolean;
  /** Part of the C library, whose names are those of the standards. */
  readonly isSystem: boolean;
  readonly bundled: readonly BundledExports[];
  readonly all: readonly ExportedSymbol[];
  /** The exports that are not somebody else's: what the object's own author answers for. */
  readonly own: readonly ExportedSymbol[];
}

export function exportingObject(object: DynamicObject, path: string): ExportingObject {
  const all = exportedSymbols(object);
  const name = object.soname ?? baseName(path);
  const bundled = bundledExports(all, name);
  const foreign = new Set(bundled.flatMap(({ symbols }) => symbols));
  return {
    object,
    path,
    name,
    isProgram: isProgram(object),
    isSystem: object.versions.definitions.some((version) => version.name === 'GLIBC_PRIVATE'),
    bundled,
    all,
    own: foreign.size === 0 ? all : all.filter((symbol) => !foreign.has(symbol)),
  };
}

function bundledExports(all: readonly ExportedSymbol[], name: string): BundledExports[] {
  const names = new Set(all.map((symbol) => symbol.name));
  const isIn = ({ owners, witnesses, suffix }: ThirdParty) => {
    if (owners.test(name)) return false;
    if (witnesses.every((witness) => names.has(witness))) return true;
    if (suffix === undefined) return false;
    const plain = new Set([...names].map((spelled) => spelled.replace(suffix, '')));
    return witnesses.every((witness) => plain.has(witness));
  };
  return THIRD_PARTIES.filter(isIn).map((party) => {
    const witnesses = new Set(party.witnesses);
    const belongs = (symbol: ExportedSymbol) =>
      witnesses.has(symbol.name) || (!isVague(symbol) && party.family.test(symbol.name));
    return { party, symbols: all.filter(belongs) };
  });
}

/** An inline function or template instance of C++: every user of a header has one. */
const isVague = ({ name, weak }: ExportedSymbol) => weak && isMangled(name);
