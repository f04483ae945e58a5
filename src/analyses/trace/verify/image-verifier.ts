import { symbolName } from '../../../elf/index.ts';
import { type Binding, type DlSession, type LoadContext, startSession } from '../../../loader/index.ts';
import type { DynamicObject, Finding, LoadedObject, OpenMode, Process } from '../../../model/index.ts';
import type { VerifiedImage } from '../trace-facts.ts';
import { matchBindings } from './binding-match.ts';
import { Differences } from './differences.ts';
import { answersOf, hasCall, isLoader, MALLOC, SEARCHES, versionChecks } from './file-facts.ts';
import type {
  ImageListener,
  ObservedAction,
  ObservedBinding,
  ObservedGroup,
  ObservedLoad,
  ObservedOpen,
  ObservedStart,
} from './observed.ts';
import { seenEnvironment } from './seen-environment.ts';

/** What an image is predicted from. */
export interface PredictionBasis {
  readonly context: LoadContext;
  readonly object: DynamicObject;
  /** The program's file. */
  readonly path: string;
  /** LD_BIND_NOW is set. */
  readonly bindNow: boolean;
  /** The options of the context are those of the program for sure; otherwise what its start shows counts. */
  readonly isEnvironmentKnown: boolean;
}

/** The file of a program by the name that the loader calls it, or why nothing can be predicted. */
export type BasisOf = (program: string) => PredictionBasis | { readonly skipped: string };

/** Replays in the simulation what one image was seen to do, and tells each difference. */
export class ImageVerifier implements ImageListener {
  private readonly pid: number;
  private readonly basisOf: BasisOf;
  private differences: Differences;
  private session: DlSession | undefined;
  private skipped: string | undefined;
  private program = '';
  private root = '';
  private handles = 0;
  /** Handles that are open, by namespace and the path of the object, the latest last. */
  private readonly open = new Map<string, string[]>();
  /** Namespaces that audit modules have taken before those of dlmopen. */
  private auditors = 0;
  /** The handles of each namespace, for dlmopen. */
  private readonly namespaces = new Map<number, string[]>();
  private made: Binding[] = [];
  private readonly sizes = {
    loads: 0,
    bindings: 0,
    versions: 0,
    initialisers: 0,
    dlopens: 0,
    notPredicted: 0,
  };

  constructor(pid: number, basisOf: BasisOf) {
    this.pid = pid;
    this.basisOf = basisOf;
    this.differences = new Differences('', pid);
  }

  get result(): { readonly image: VerifiedImage; readonly findings: readonly Finding[] } {
    const { pid, program, skipped, sizes } = this;
    const image = {
      pid,
      program,
      ...(skipped === undefined ? {} : { skipped }),
      ...sizes,
      differences: this.differences.count,
    };
    return { image, findings: this.differences.findings };
  }

  onStart(start: ObservedStart): void {
    const name = start.program ?? start.scope?.[0] ?? start.relocated.at(-1)?.object;
    this.program = name ?? '';
    this.auditors = start.auditors.size;
    this.differences = new Differences(this.program, this.pid);
    const basis = name === undefined ? { skipped: 'its start was not seen' } : this.basisOf(name);
    if ('skipped' in basis) {
      this.skipped = basis.skipped;
      return;
    }
    const { object, path, bindNow } = basis;
    const { options } = basis.context;
    const seen = basis.isEnvironmentKnown ? options : seenEnvironment(start, object, options);
    const context = { ...basis.context, options: seen };
    this.root = path;
    this.session = startSession(context, object, path, {
      bindNow,
      visit: (binding) => this.made.push(binding),
    });
    const { process, initialised } = this.session;
    this.checkStart(start, process);
    if (!start.isStarted) return;
    this.checkGroup(start, process, process.scope, this.taken(), initialised);
  }

  onAction(action: ObservedAction): void {
    if (this.session === undefined) return;
    switch (action.kind) {
      case 'use':
        this.use(action.binding);
        return;
      case 'open':
        this.openLibrary(action, this.session);
        return;
      case 'close':
        this.close(action.path, action.count);
        return;
      case 'unload':
        this.unload(action);
        return;
      case 'exit':
        this.exit(action.finalised, this.session);
        return;
    }
  }

  /** As the simulation calls it: the program is printed by the first argument of its command line, or not at all. */
  private readonly pathOf = (path: string): string =>
    path === this.program || path === '' ? this.root : path;

  private taken(): Binding[] {
    const taken = this.made;
    this.made = [];
    return taken;
  }

  private checkStart(start: ObservedStart, process: Process): void {
    const loaded = process.linkMap.filter((entry) => entry !== process.root && !isLoader(entry));
    const predicted = loaded.flatMap((entry) => (entry.kind === 'loaded' ? [entry] : []));
    if (start.isStarted) this.checkLoads(start.loads, predicted, 'loaded');
    else if (start.failure !== undefined) this.checkFailure(start, process);
    if (start.scope !== undefined && start.isStarted) {
      const shown = process.scope.map(({ path }) => (path === this.root ? this.program : path));
      // Joined, since paths with blanks cannot be told apart.
      if (shown.join(' ') !== start.scope.join(' ')) {
        this.differences.lists('trace.order', 'lookup scope', shown, start.scope);
      }
    }
  }

  /** A start that failed must have been predicted to fail. */
  private checkFailure({ failure }: ObservedStart, process: Process): void {
    const isPredicted =
      process.failures.length > 0 ||
      process.linkMap.some(({ kind }) => kind === 'missing') ||
      this.made.some(({ to, isInconsistent }) => to === undefined || isInconsistent) ||
      versionChecks(process, process.scope, this.loaderPath).some(({ isDefined }) => !isDefined);
    if (isPredicted) return;
    this.differences.add('trace.load', this.program, { predicted: 'a start', observed: failure! });
  }

  private checkLoads(
    observed: readonly ObservedLoad[],
    predicted: readonly LoadedObject[],
    what: string,
  ): void {
    const mapped = observed.filter(({ isMapped }) => isMapped);
    this.sizes.loads += mapped.length;
    const shown = mapped.map(({ library, path }) => `${library} => ${path ?? '?'}`);
    const expected = predicted.map(({ name, path }) => `${name} => ${path}`);
    this.differences.lists('trace.load', what, expected, shown);
    for (const [at, { through, library }] of mapped.entries()) {
      const entry = predicted[at];
      if (entry?.name !== library || through === undefined) continue;
      const [expected, seen] = [SEARCHES[entry.rule], SEARCHES[through]];
      if (expected === undefined || seen === undefined || expected === seen) continue;
      this.differences.add('trace.load', `found ${library}`, { predicted: expected, observed: seen });
    }
  }

  /** What goes for the start and for each dlopen. */
  private checkGroup(
    seen: ObservedGroup,
    process: Pick<Process, 'scope' | 'dependencies'>,
    added: readonly LoadedObject[],
    made: readonly Binding[],
    initialised: readonly LoadedObject[],
  ): void {
    const isRelocated = new Set(seen.relocated.map(({ object }) => this.pathOf(object)));
    if (seen.relocated.length > 0) {
      const expected = made.filter(({ from }) => isRelocated.has(from.path) && from.rule !== 'loader');
      const own = seen.bindings.filter(({ from }) => !this.isLoaderPath(from.path));
      this.sizes.bindings += own.length;
      for (const other of matchBindings(expected, own, this.pathOf, this.differences)) {
        const isOfLoader = this.pathOf(other.from.path) === this.root && MALLOC.has(other.symbol);
        if (isOfLoader) this.sizes.notPredicted++;
        else this.use(other);
      }
    }
    if (seen.versions.length > 0) {
      const expected = versionChecks(process, added, this.loaderPath).map(({ text }) => text);
      const shown = seen.versions.map(
        ({ version, file, by }) => `${version} of ${file.path} for ${this.pathOf(by.path)}`,
      );
      this.sizes.versions += shown.length;
      this.differences.lists('trace.version', 'version', expected.toSorted(), shown.toSorted());
    }
    this.checkOrder('constructors', initialised, seen.initialised, 'hasConstructors');
  }

  /** Without any function to call some versions of glibc say nothing. */
  private checkOrder(
    what: string,
    predicted: readonly LoadedObject[],
    observed: readonly string[],
    having: 'hasConstructors' | 'hasDestructors',
  ): void {
    const isTold = (entry: LoadedObject): boolean => entry.path !== this.root && entry.rule !== 'loader';
    const counted = predicted.filter((entry) => isTold(entry) && entry.object[having]);
    const known = new Map(predicted.map((entry) => [entry.path, entry]));
    const shown = observed
      .map(this.pathOf)
      .filter((path) => path !== this.root && !this.isLoaderPath(path))
      .filter((path) => known.get(path)?.object[having] !== false);
    this.sizes.initialisers += shown.length;
    this.differences.lists(
      'trace.order',
      what,
      counted.map(({ path }) => path),
      shown,
    );
  }

  private get loaderPath(): string | undefined {
    return this.session!.process.scope.find(isLoader)?.path;
  }

  private isLoaderPath(path: string): boolean {
    return this.loaderPath === path;
  }

  /** A binding outside a relocation: of a reference that waited for its first call, or by dlsym(3). */
  private use(seen: ObservedBinding): void {
    const from = this.pathOf(seen.from.path);
    const object = this.linkMap(seen.from.namespace).find(({ path }) => path === from);
    if (object === undefined || object.rule === 'loader') return;
    if (!hasCall(object.object, seen)) {
      this.sizes.notPredicted++;
      return;
    }
    const outcome = this.session!.perform({ call: 'use', object: from, symbol: seen.symbol });
    this.made = [];
    this.sizes.bindings++;
    const observed = this.pathOf(seen.to.path);
    const predicted = outcome.call === 'use' && outcome.result === 'bound' ? outcome.object.path : undefined;
    if (predicted === observed) return;
    // dlsym(3) asks without a version for whatever it pleases, in the name of the same object.
    if (seen.version === undefined && this.asksByName()) {
      this.sizes.notPredicted++;
      return;
    }
    this.differences.add('trace.binding', `${seen.symbol} of ${from}`, {
      predicted: predicted ?? (outcome.result === 'refused' ? outcome.message : 'nothing'),
      observed,
    });
  }

  /** Of a namespace as the loader numbers it. */
  private linkMap(namespace: number): readonly LoadedObject[] {
    return this.session!.linkMap(namespace === 0 ? 0 : namespace - this.auditors);
  }

  private asksByName(): boolean {
    return this.session!.linkMap().some(({ object: { symbols } }) => {
      for (let at = 1; at < symbols.count; at++) {
        if (symbols.section[at] === 0 && /^dlv?sym$/.test(symbolName(symbols, at))) return true;
      }
      return false;
    });
  }

  private openLibrary(seen: ObservedOpen, session: DlSession): void {
    this.sizes.dlopens++;
    const handle = String(this.handles++);
    const file = seen.file === '' ? null : seen.file;
    const mode = this.modeOf(seen);
    const caller = this.callerOf(seen, session);
    const near = this.namespaces.get(seen.namespace)?.find((other) => session.handle(other) !== undefined);
    const space =
      seen.namespace === 0 ? {} : { namespace: near === undefined ? ('new' as const) : { of: near } };
    // Handles that were closed without a word: the object stayed for another reason.
    if (seen.count !== undefined && seen.path !== undefined)
      this.closeDown(seen.path, seen.namespace, seen.count - 1);
    const before = new Set(this.linkMap(seen.namespace));
    const outcome = session.perform({ call: 'dlopen', file, mode, handle, ...space, ...caller });
    const made = this.taken();
    if (seen.isCut) {
      this.sizes.notPredicted++;
      return;
    }
    const isOpened = outcome.call === 'dlopen' && outcome.result === 'opened';
    if (isOpened && seen.isFailed && !seen.loads.some(({ isMapped }) => isMapped)) {
      // With RTLD_NOLOAD the loader looks for the file, and says nothing more when it is not loaded.
      session.perform({ call: 'dlclose', handle });
      this.made = [];
      this.sizes.notPredicted++;
      return;
    }
    const what = seen.file === '' ? 'the program' : seen.file;
    if (isOpened === seen.isFailed) {
      const observed = seen.isFailed ? 'a failure' : `${seen.path}`;
      const predicted = isOpened
        ? outcome.object.path
        : outcome.result === 'refused'
          ? outcome.message
          : 'nothing';
      this.differences.add('trace.dlopen', what, { predicted, observed });
      return;
    }
    if (!isOpened) return;
    const path = outcome.object.path;
    this.handlesOf(path, seen.namespace).push(handle);
    this.namespaces.set(seen.namespace, [...(this.namespaces.get(seen.namespace) ?? []), handle]);
    if (path !== this.pathOf(seen.path ?? '')) {
      this.differences.add('trace.dlopen', what, { predicted: path, observed: `${seen.path}` });
      return;
    }
    if (seen.isAgain) return;
    const added = outcome.added.filter((entry) => !isLoader(entry));
    this.checkLoads(seen.loads, added, `loaded for ${what}`);
    const after = this.linkMap(seen.namespace);
    const fresh = after.filter((entry) => !before.has(entry));
    const needs = new Map(after.map((entry) => [entry, answersOf(entry, after)]));
    this.checkGroup(seen, { scope: after, dependencies: needs }, fresh, made, outcome.initialised);
  }

  /** Who asks, as far as the simulation has it: a constructor may be ahead of what was replayed. */
  private callerOf({ by }: ObservedOpen, session: DlSession): { caller?: string } {
    const path = by === undefined ? undefined : this.pathOf(by);
    return session.linkMap().some((entry) => entry.path === path) ? { caller: path! } : {};
  }

  private modeOf(seen: ObservedOpen): OpenMode {
    const path = seen.path ?? seen.file;
    // Joined, since paths with blanks cannot be told apart. In a namespace of its own a library always comes first.
    const isFirst = seen.firstScope?.join(' ').startsWith(`${path} `) ?? false;
    return {
      now: seen.relocated.length > 0 && seen.relocated.every(({ isLazy }) => !isLazy),
      global: seen.isGlobal,
      deepBind: isFirst && seen.namespace === 0 && path !== this.program,
      noDelete: seen.isNoDelete,
    };
  }

  private handlesOf(path: string, namespace: number): string[] {
    const key = `${namespace}\0${this.pathOf(path)}`;
    const handles = this.open.get(key) ?? [];
    this.open.set(key, handles);
    return handles;
  }

  /** The loader does not say in which namespace: in one where as many handles are left. */
  private close(path: string, left: number): void {
    const spaces = [0, ...this.namespaces.keys()].map((namespace) => this.handlesOf(path, namespace));
    const handles = spaces.find(({ length }) => length === left + 1) ?? spaces[0]!;
    this.closeLast(handles);
  }

  private closeLast(handles: string[]): void {
    const handle = handles.pop();
    if (handle !== undefined) this.session!.perform({ call: 'dlclose', handle });
  }

  private closeDown(path: string, namespace: number, count: number): void {
    const handles = this.handlesOf(path, namespace);
    while (handles.length > Math.max(0, count)) this.closeLast(handles);
  }

  /** The last handles of what is gone have been closed. */
  private unload({ namespace, finalised, unloaded }: Extract<ObservedAction, { kind: 'unload' }>): void {
    const gone: string[] = [];
    const called: LoadedObject[] = [];
    for (const path of new Set([...finalised, ...unloaded])) {
      const handles = this.handlesOf(path, namespace);
      for (let handle = handles.pop(); handle !== undefined; handle = handles.pop()) {
        const outcome = this.session!.perform({ call: 'dlclose', handle });
        if (outcome.call !== 'dlclose' || outcome.result !== 'closed') continue;
        gone.push(...outcome.unloaded.map((entry) => entry.path));
        called.push(...outcome.finalised);
      }
    }
    if (unloaded.length > 0) {
      this.differences.lists('trace.dlopen', 'unloaded', gone.toSorted(), unloaded.toSorted());
    }
    this.checkOrder('destructors', called, finalised, 'hasDestructors');
  }

  private exit(finalised: readonly string[], session: DlSession): void {
    this.checkOrder('destructors', session.exit(), finalised, 'hasDestructors');
  }
}
