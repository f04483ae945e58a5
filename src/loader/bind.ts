import type { LoadedObject, Process } from '../model/index.ts';
import { DefinitionIndex } from './definitions.ts';
import { Scope } from './lookup.ts';
import { relocationOrder } from './relocation-order.ts';
import {
  type BindingVisitor,
  forEachReference,
  type LookupSite,
  lookUp,
  queryOf,
  type UniqueSymbols,
} from './resolve.ts';

/**
 * Binds the processes of one run, one after the other; libraries are indexed once. Follows what ld.so does
 * with LD_BIND_NOW: every reference of every object, needed objects before those that need them.
 */
export class Binder {
  private readonly index = new DefinitionIndex();
  private readonly scopes = new Map<number, { scope: Scope; self: Scope }>();

  /**
   * Calls `visit` for each look-up in the loader's order; repeated look-ups are visited as they are made.
   * `visitOpened` is told those of the libraries that the process opens later, each with its own scope.
   */
  bind(process: Process, glibcVersion: number, visit: BindingVisitor, visitOpened?: BindingVisitor): void {
    const unique: UniqueSymbols = new Map();
    const { root, scope } = process;
    this.bindObjects({ process, scope, order: relocationOrder(process), unique, glibcVersion }, visit);
    for (const opened of visitOpened === undefined ? [] : process.opened) {
      if (opened.kind === 'refused') continue;
      const own = relocationOrder({ ...process, root: opened.root, scope: opened.list });
      const order = own.filter((entry) => opened.added.includes(entry));
      this.bindObjects({ process, scope: opened.scope, order, unique, glibcVersion }, visitOpened!);
    }
    this.index.forget(root.object);
  }

  private bindObjects(
    { process, scope: entries, order, unique, glibcVersion }: Stage,
    visit: BindingVisitor,
  ) {
    const { scope, self } = this.scopesFor(glibcVersion);
    const members = entries.map((entry, position) =>
      this.index.add(entry.object, position === 0 && entry === process.root),
    );
    scope.enter(members);
    const positions = new Map(entries.map((entry, position) => [entry, position]));
    for (const entry of order) {
      const position = positions.get(entry)!;
      // The loader has relocated itself before anything else was there to look at.
      if (entry.rule === 'loader') continue;
      const member = members[position]!;
      const own = entry.object.symbolic ? self : undefined;
      own?.enter([member]);
      bindObject({ neighbours: process, entries, position, entry, member, scope, own, unique }, visit);
    }
  }

  private scopesFor(glibcVersion: number) {
    let scopes = this.scopes.get(glibcVersion);
    if (scopes === undefined) {
      scopes = { scope: new Scope(this.index, glibcVersion), self: new Scope(this.index, glibcVersion) };
      this.scopes.set(glibcVersion, scopes);
    }
    return scopes;
  }
}

/** Objects that are bound through one scope, one after the other. */
interface Stage {
  readonly process: Process;
  readonly scope: readonly LoadedObject[];
  readonly order: readonly LoadedObject[];
  readonly unique: UniqueSymbols;
  readonly glibcVersion: number;
}

function bindObject(site: LookupSite, visit: BindingVisitor): void {
  forEachReference(site.member, 0, (reference, lookup, _, isRemembered) => {
    if (!isRemembered) visit(lookUp(site, queryOf(site.member, reference, lookup), reference), site.scope);
    return true;
  });
}
