import type { TracedObject, TraceEvent } from '../event.ts';
import { isVdso } from '../message-parts.ts';
import type {
  ImageListener,
  ObservedAction,
  ObservedBinding,
  ObservedGroup,
  ObservedLoad,
  ObservedOpen,
  ObservedStart,
} from './observed.ts';

const newGroup = (): ObservedGroup => ({
  loads: [],
  versions: [],
  relocated: [],
  bindings: [],
  initialised: [],
});

/**
 * Makes of the events of one image what can be held against the simulation: its start, and then one action after
 * the other. Keeps the start, and a dlopen with what happens inside it, until they are over.
 */
export class ImageObserver {
  private readonly listener: ImageListener;
  private readonly start: ObservedStart = {
    ...newGroup(),
    program: undefined,
    libraryPath: undefined,
    scope: undefined,
    auditors: new Set(),
    isStarted: false,
    failure: undefined,
  };
  private isTold = false;
  private readonly opens: ObservedOpen[] = [];
  /** Actions of which the first may still learn something. */
  private waiting: ObservedAction[] = [];
  private failed: ObservedOpen | undefined;
  private load: ObservedLoad | undefined;
  private relocating: string | undefined;
  private scopeOf: string | undefined;
  private through: string | undefined;
  /** Told last: destructors bind references, and close libraries themselves. */
  private exit: Extract<ObservedAction, { kind: 'exit' }> | undefined;

  constructor(listener: ImageListener) {
    this.listener = listener;
  }

  get isStarted(): boolean {
    return this.start.isStarted;
  }

  /** After main a library is needed only by one that is opened: another program begins. */
  isOutOfPlace({ kind }: TraceEvent): boolean {
    return kind === 'need' && this.opens.length === 0 && this.failed === undefined;
  }

  add(event: TraceEvent): void {
    switch (event.kind) {
      case 'lookup':
      case 'headers':
      case 'placed':
      case 'statistic':
      case 'statistics':
      // Told of a binding, before it.
      case 'relocation-dependency':
        return;
      case 'bind':
        this.bind(event);
        return;
      case 'need':
        if (this.failed?.namespace === event.namespace) this.reopen(this.failed);
        this.begin(event.library, event.by.path);
        return;
      case 'dlopen-request':
        this.open(event.library, event.by.path, event.namespace);
        this.begin(event.library, event.by.path);
        return;
      case 'search':
        if (this.load?.library !== event.library || this.load.isMapped) this.begin(event.library);
        return;
      case 'search-path':
        this.through = event.source;
        this.seePath(event.source, event.directories);
        return;
      case 'search-cache':
        this.through = 'cache';
        this.seePath('cache', []);
        return;
      case 'try':
        if (this.load !== undefined) Object.assign(this.load, { path: event.path, through: this.through });
        return;
      case 'map':
        this.map(event.library, event.namespace);
        return;
      case 'version':
        this.group.versions.push(event);
        return;
      case 'scope-of':
        this.scopeOf = event.object.path;
        return;
      case 'scope':
        this.scope(event.index, event.objects);
        return;
      case 'relocate':
        this.relocating = event.object;
        this.group.relocated.push({ object: event.object, isLazy: event.isLazy });
        return;
      case 'error':
        if (event.isFatal) this.start.failure ??= event.message;
        return;
      default:
    }
    this.relocating = undefined;
    this.step(event);
  }

  end(): void {
    if (!this.isTold) this.tell();
    for (const open of this.opens.splice(0)) {
      if (open.count !== undefined) continue;
      open.isCut = open.loads.some(({ isMapped }) => isMapped);
      open.isFailed = !open.isCut;
    }
    this.flush();
    if (this.exit !== undefined) this.listener.onAction(this.exit);
  }

  private step(event: TraceEvent): void {
    switch (event.kind) {
      case 'init':
        this.group.initialised.push(event.object);
        return;
      case 'initialize':
      case 'transfer':
        this.start.program = event.program;
        if (event.kind === 'transfer') {
          this.start.isStarted = true;
          this.tell();
        }
        return;
      case 'dlopen':
        this.opened(event.object.path, event.object.namespace, event.count);
        return;
      case 'global': {
        const open = this.opens.at(-1) ?? this.waiting.findLast((action) => action.kind === 'open');
        if (open?.kind === 'open') open.isGlobal = true;
        return;
      }
      case 'nodelete': {
        const open = this.opens.at(-1);
        if (event.state === 'marked' && event.reason === undefined && open !== undefined)
          open.isNoDelete = true;
        return;
      }
      case 'dlclose':
        this.act({ kind: 'close', path: event.object, count: event.count });
        return;
      case 'fini':
        this.finalise(event.object);
        return;
      case 'unload':
        this.unload(event.object);
        return;
      default:
        return;
    }
  }

  /** What the events of loading belong to. */
  private get group(): ObservedGroup {
    return this.opens.at(-1) ?? this.start;
  }

  private tell(): void {
    this.isTold = true;
    this.listener.onStart(this.start);
  }

  /** The first list counts: directories that turn out not to exist are left out later. */
  private seePath(source: string, directories: readonly string[]): void {
    if (this.isTold || this.opens.length > 0 || this.start.libraryPath !== undefined) return;
    if (source === 'LD_LIBRARY_PATH') this.start.libraryPath = directories;
    // It comes before all others but this one (ld.so(8)).
    else if (source !== 'RPATH') this.start.libraryPath = [];
  }

  private begin(library: string, by?: string): void {
    this.relocating = undefined;
    this.through = undefined;
    const path = library.includes('/') ? library : undefined;
    this.load = { library, by, path, through: undefined, isMapped: false };
    this.group.loads.push(this.load);
  }

  private map(library: string, namespace: number): void {
    if (this.load?.library !== library || this.load.isMapped) {
      // The program itself, where ld.so was told to load it.
      if (!this.isStarted && namespace === 0 && this.start.loads.length === 0) return;
      // dlmopen(3) of a path: the loader does not look who calls, and says nothing before this.
      const isAsked = this.opens.some(({ initialised }) => initialised.length === 0);
      if (!isAsked && (this.isStarted || namespace !== 0)) this.open(library, undefined, namespace);
      this.begin(library);
    }
    this.load!.isMapped = true;
  }

  private scope(index: number, objects: readonly string[]): void {
    if (index !== 0) return;
    const open = this.opens.at(-1);
    if (open !== undefined) {
      if (this.scopeOf === (open.loads.find(({ isMapped }) => isMapped)?.path ?? open.file))
        open.firstScope ??= objects;
    } else if (!this.isStarted) this.start.scope ??= objects;
  }

  private bind(event: ObservedBinding): void {
    if (isVdso(event.from.path) || this.start.auditors.has(event.from.namespace)) return;
    if (this.relocating === event.from.path) {
      this.group.bindings.push(event);
      return;
    }
    const open = this.opens.at(-1);
    // Between a request and the first relocation nothing is looked up: that request has come to nothing.
    if (open !== undefined && open.relocated.length === 0) this.fail(open);
    if (!this.isStarted) this.waiting.push({ kind: 'use', binding: event });
    else this.act({ kind: 'use', binding: event });
  }

  private open(file: string, by: string | undefined, namespace: number): void {
    const outer = this.opens.at(-1);
    if (outer !== undefined && outer.initialised.length === 0) this.fail(outer);
    this.failed = undefined;
    if (!this.isStarted && namespace !== 0) this.start.auditors.add(namespace);
    const open = this.newOpen({ file, by, namespace, isAgain: false });
    if (!this.start.auditors.has(namespace)) this.act(open);
    this.opens.push(open);
  }

  private newOpen(of: Pick<ObservedOpen, 'file' | 'by' | 'namespace' | 'isAgain'>): ObservedOpen {
    return {
      kind: 'open',
      ...newGroup(),
      ...of,
      path: undefined,
      count: undefined,
      isFailed: false,
      isCut: false,
      isGlobal: false,
      isNoDelete: false,
      firstScope: undefined,
    };
  }

  private fail(open: ObservedOpen): void {
    open.isFailed = true;
    this.opens.splice(this.opens.indexOf(open));
    this.failed = open;
  }

  /** A dependency that may be missing did not end it after all. */
  private reopen(open: ObservedOpen): void {
    open.isFailed = false;
    this.failed = undefined;
    this.opens.push(open);
  }

  private opened(path: string, namespace: number, count: number): void {
    const open = this.opens.pop();
    if (open !== undefined && (open.loads.length > 0 || open.relocated.length > 0)) {
      open.path = path;
      open.count = count;
      return;
    }
    if (open !== undefined) this.opens.push(open);
    if (this.start.auditors.has(namespace)) return;
    const again = this.newOpen({ file: path, by: undefined, namespace, isAgain: true });
    this.act(Object.assign(again, { path, count }));
  }

  private finalise({ path, namespace }: TracedObject): void {
    if (this.start.auditors.has(namespace)) return;
    const isOwn = namespace === 0 && (path === '' || path === this.start.program);
    const last = this.closing();
    const isOpen = last !== undefined && last.unloaded.length === 0;
    // Other namespaces end before the program's, with nothing unmapped in between.
    if (isOwn || (isOpen && last.namespace !== namespace)) this.beginExit(isOpen ? last : undefined);
    if (this.exit !== undefined) this.exit.finalised.push(path);
    else if (isOpen) last.finalised.push(path);
    else this.act({ kind: 'unload', namespace, finalised: [path], unloaded: [] });
  }

  private beginExit(before: Extract<ObservedAction, { kind: 'unload' }> | undefined): void {
    if (this.exit !== undefined) return;
    this.exit = { kind: 'exit', finalised: before?.finalised ?? [] };
    this.waiting = this.waiting.filter((action) => action !== before);
  }

  /** The dlclose that is going on: nothing but look-ups has come since. */
  private closing(): Extract<ObservedAction, { kind: 'unload' }> | undefined {
    const last = this.waiting.findLast(({ kind }) => kind !== 'use');
    return last?.kind === 'unload' ? last : undefined;
  }

  private unload({ path, namespace }: TracedObject): void {
    const open = this.opens.at(-1);
    if (open !== undefined && open.initialised.length === 0) this.fail(open);
    // A dlopen that fails takes back what it has mapped.
    if (this.failed !== undefined || this.start.auditors.has(namespace)) return;
    const closing = this.closing();
    if (closing?.namespace === namespace) closing.unloaded.push(path);
    else this.act({ kind: 'unload', namespace, finalised: [], unloaded: [path] });
  }

  /** An action begins: those before it are over, unless it happens inside a dlopen. */
  private act(action: ObservedAction): void {
    if (action.kind !== 'open') this.failed = undefined;
    const goesOn = action.kind === 'use' && this.closing() !== undefined;
    if (this.opens.length === 0 && !goesOn) this.flush();
    this.waiting.push(action);
  }

  private flush(): void {
    if (!this.isTold) return;
    const over = this.waiting;
    this.waiting = [];
    for (const action of over) this.listener.onAction(action);
  }
}
