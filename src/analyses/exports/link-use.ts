import { DT, STB, symbolBinding, symbolName } from '../../elf/index.ts';
import type { Binding, Scope } from '../../loader/index.ts';
import type { LoadedObject, Process } from '../../model/index.ts';

/** What the root of a process takes from the libraries that it names as needed, and from others. */
export interface LinkUse {
  /** The needed libraries that none of the root's references binds to, in the order of the entries. */
  readonly unused: readonly LoadedObject[];
  /** Libraries that nobody named, with the names that the root takes from each, sorted. */
  readonly borrowed: readonly { readonly from: LoadedObject; readonly names: readonly string[] }[];
}

/** What answered the root's DT_NEEDED entries, as far as it was found; filtees (DT_FILTER, DT_AUXILIARY) are none. */
export function neededLibraries({ root, dependencies }: Process): LoadedObject[] {
  const { needed } = root.object;
  const filtees = new Set(
    root.object.dependencies
      .filter(({ tag, name }) => tag !== DT.NEEDED && !needed.includes(name))
      .map(({ name }) => name),
  );
  const answers = dependencies.get(root) ?? [];
  return answers.filter((entry) => entry.kind === 'loaded').filter(({ name }) => !filtees.has(name));
}

/** A weak reference asks whether somebody brings the symbol, and is content without. */
const isWeak = ({ object }: LoadedObject, reference: number): boolean =>
  symbolBinding(object.symbols.info[reference]!) === STB.WEAK;

/** Watches the look-ups of a process and learns from those that the root makes. */
export class LinkUseCollector {
  private readonly root: LoadedObject;
  private readonly scope: readonly LoadedObject[];
  private readonly needed: readonly LoadedObject[];
  private readonly used = new Set<LoadedObject>();
  private readonly borrowed = new Map<LoadedObject, Set<string>>();

  constructor(process: Process) {
    this.root = process.root;
    this.scope = process.scope;
    this.needed = neededLibraries(process);
  }

  visit({ from, reference, to, query, isInconsistent }: Binding, scope: Scope): void {
    if (from !== this.root || to === this.root) return;
    // A look-up that ld.so gives up on has met the library all the same.
    if (to === undefined && !isInconsistent) return;
    if (to !== undefined && this.needed.includes(to)) {
      this.used.add(to);
      return;
    }
    // Somebody else came first: a preload, or a library further up that a needed one stands behind.
    const offers = scope.findAll(query).map(({ position }) => this.scope[position]!);
    const meant = offers.find((offer) => this.needed.includes(offer));
    if (meant !== undefined) this.used.add(meant);
    else if (to !== undefined && to.rule !== 'preload' && to.rule !== 'loader' && !isWeak(from, reference)) {
      this.borrow(to, from, reference);
    }
  }

  private borrow(to: LoadedObject, from: LoadedObject, reference: number): void {
    const names = this.borrowed.get(to) ?? new Set();
    this.borrowed.set(to, names.add(symbolName(from.object.symbols, reference)));
  }

  finish(): LinkUse {
    return {
      unused: this.needed.filter((library) => !this.used.has(library)),
      borrowed: [...this.borrowed].map(([from, names]) => ({ from, names: [...names].sort() })),
    };
  }
}
