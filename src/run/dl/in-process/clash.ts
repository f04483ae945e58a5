import { SHN, STB, symbolBinding, symbolName } from '../../../elf/index.ts';
import { loadContext } from '../../../host/index.ts';
import { Binder, type Binding, loadProcess, type Scope } from '../../../loader/index.ts';
import {
  type DynamicObject,
  LOOKUP_COPY,
  type LoadedObject,
  type OpenedLibrary,
} from '../../../model/index.ts';
import { RTLD } from '../backend.ts';

/** A reference of a library that would get the definition of Node's executable in place of a library's. */
export interface Clash {
  readonly symbol: string;
  /** The library that refers to it, by its path. */
  readonly from: string;
  /** The library that it was linked with: the first of its own scope that defines the symbol. */
  readonly meant: string;
}

/** The libraries that the loader would take from Node's executable what they bring along themselves. */
export class ClashError extends Error {
  override readonly name = 'ClashError';
  readonly clashes: readonly Clash[];
  constructor(file: string, clashes: readonly Clash[]) {
    const [first] = clashes;
    const more = clashes.length > 1 ? ` and ${clashes.length - 1} more` : '';
    super(
      `${file} was not opened: in this process ${first!.from} gets '${first!.symbol}'${more} from node and not ` +
        `from ${first!.meant}. Use openHost(), or allow it with { allowClash: true }`,
    );
    this.clashes = clashes;
  }
}

let node: DynamicObject | undefined;

/**
 * What a library would get from Node itself if it was opened in this process: Node's executable exports its zlib,
 * OpenSSL, libuv, ICU and more, and stands first in the global scope. Weak and unique definitions on both sides
 * are not told: inline functions and templates of C++, which are meant to be one. What was opened before is not
 * known here. Empty for a file that cannot be opened.
 */
export function clashesWithNode(file: string, flags: number = RTLD.NOW): readonly Clash[] {
  const { LD_LIBRARY_PATH, LD_PRELOAD } = process.env;
  const context = loadContext({ libraryPath: LD_LIBRARY_PATH, preload: LD_PRELOAD });
  if (node === undefined) {
    const target = context.openTarget(process.execPath);
    if (target.kind !== 'dynamic') return [];
    node = target.object;
  }
  const deepBind = (flags & RTLD.DEEPBIND) !== 0;
  const simulated = loadProcess(context, node, process.execPath, [{ name: file, deepBind }]);
  const [opened] = simulated.opened;
  if (opened?.kind !== 'opened') return [];
  const clashes = new Map<string, Clash>();
  const symbols = node.symbols;
  /** Where node keeps its copies of other libraries' variables: whoever refers to them is meant to get these. */
  const copies = new Set<bigint>();
  new Binder().bind(
    simulated,
    context.settingsFor(node).version,
    ({ reference, query }) => {
      if (query.lookup === LOOKUP_COPY) copies.add(symbols.value[reference]!);
    },
    (binding, scope) => {
      if (binding.to !== simulated.root || copies.has(symbols.value[binding.definition]!)) return;
      // A canonical PLT entry is the address of another library's function.
      if (symbols.section[binding.definition] === SHN.UNDEF) return;
      const clash = clashOf(binding, scope, opened);
      if (clash !== undefined) clashes.set(`${clash.from} ${clash.symbol}`, clash);
    },
  );
  return [...clashes.values()];
}

function clashOf(
  { from, reference, to, definition, query }: Binding,
  scope: Scope,
  { scope: entries, list }: Extract<OpenedLibrary, { kind: 'opened' }>,
): Clash | undefined {
  const own = scope.findAll(query).find(({ position }) => list.includes(entries[position]!));
  if (own === undefined) return undefined;
  const meant = entries[own.position]!;
  if (isShared(to!, definition) && isShared(meant, own.symbol)) return undefined;
  return { symbol: symbolName(from.object.symbols, reference), from: from.path, meant: meant.path };
}

/** Vague linkage (Itanium C++ ABI 5.2): every library has a copy, and the process uses one. */
function isShared({ object: { symbols } }: LoadedObject, symbol: number): boolean {
  const binding = symbolBinding(symbols.info[symbol]!);
  return binding === STB.WEAK || binding === STB.GNU_UNIQUE;
}
