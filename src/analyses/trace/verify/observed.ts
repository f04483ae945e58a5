import type { TraceEvent } from '../event.ts';
import { isVdso } from '../message-parts.ts';

/** A binding that the loader made. */
export type ObservedBinding = Extract<TraceEvent, { kind: 'bind' }>;

/** A library that was mapped, or not found. */
export interface ObservedLoad {
  readonly library: string;
  /** Undefined: it was not mapped. */
  path: string | undefined;
  /** The cache or the search path that led to it. */
  through: string | undefined;
  isMapped: boolean;
}

/** What is loaded together: at the start, or by one dlopen. */
export interface ObservedGroup {
  readonly loads: ObservedLoad[];
  readonly versions: Extract<TraceEvent, { kind: 'version' }>[];
  /** In the loader's order. */
  readonly relocated: { readonly object: string; readonly isLazy: boolean }[];
  /** Made while the referring object was relocated. */
  readonly bindings: ObservedBinding[];
  readonly initialised: string[];
}

/** What happens before main. */
export interface ObservedStart extends ObservedGroup {
  program: string | undefined;
  /** The global lookup scope; undefined when it was not printed. */
  scope: readonly string[] | undefined;
  isStarted: boolean;
  failure: string | undefined;
}

export interface ObservedOpen extends ObservedGroup {
  readonly kind: 'open';
  /** As it was asked for, or the path of what was open already; empty for the program. */
  file: string;
  readonly by: string | undefined;
  readonly namespace: number;
  path: string | undefined;
  /** It was there: nothing is searched. */
  readonly isAgain: boolean;
  count: number | undefined;
  isFailed: boolean;
  isGlobal: boolean;
  isNoDelete: boolean;
  /** The first scope of the library itself. */
  firstScope: readonly string[] | undefined;
}

/** What happens after main was reached, in the order in which the loader must have begun with it. */
export type ObservedAction =
  | ObservedOpen
  | { readonly kind: 'use'; readonly binding: ObservedBinding }
  /** A handle was closed, and others are left. */
  | { readonly kind: 'close'; readonly path: string; readonly count: number }
  | { readonly kind: 'unload'; readonly finalised: string[]; readonly unloaded: string[] }
  | { readonly kind: 'exit'; readonly finalised: string[] };

const newGroup = (): ObservedGroup => ({
  loads: [],
  versions: [],
  relocated: [],
  bindings: [],
  initialised: [],
});

export interface ImageListener {
  /** Main was reached, or will not be. */
  onStart(start: ObservedStart): void;
  onAction(action: ObservedAction): void;
}

/**
 * Makes of the events of one image what can be held against the simulation: its start, and then one action after
 * the other. Keeps the start, and a dlopen with what happens inside it, until they are over.
 */
export class ImageObserver {
  private readonly listener: ImageListener;
  private readonly start: ObservedStart = {
    ...newGroup(),
    program: undefined,
    scope: undefined,
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
        return;
      case 'bind':
        this.bind(event);
        return;
      case 'need':
        if (this.failed !== undefined) this.reopen(this.failed);
        this.begin(event.library);
        return;
      case 'dlopen-request':
        this.open(event.library, event.by.path, event.namespace);
        this.begin(event.library);
        return;
      case 'search':
        if (this.load?.library !== event.library || this.load.isMapped) this.begin(event.library);
        return;
      case 'search-path':
        this.through = event.source;
        return;
      case 'search-cache':
        this.through = 'cache';
        return;
      case 'try':
        if (this.load !== undefined) Object.assign(this.load, { path: event.path, through: this.through });
        return;
      case 'map':
        this.map(event.library);
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
    for (const open of this.opens.splice(0)) if (open.count === undefined) open.isFailed = true;
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
        this.finalise(event.object.path);
        return;
      case 'unload':
        this.unload(event.object.path);
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

  private begin(library: string): void {
    this.relocating = undefined;
    this.through = undefined;
    const path = library.includes('/') ? library : undefined;
    this.load = { library, path, through: undefined, isMapped: false };
    this.group.loads.push(this.load);
  }

  private map(library: string): void {
    if (this.load?.library !== library) this.begin(library);
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
    if (isVdso(event.from.path)) return;
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
    const open = this.newOpen({ file, by, namespace, isAgain: false });
    this.act(open);
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
    const again = this.newOpen({ file: path, by: undefined, namespace, isAgain: true });
    this.act(Object.assign(again, { path, count }));
  }

  private finalise(path: string): void {
    if (path === '' || path === this.start.program) this.exit ??= { kind: 'exit', finalised: [] };
    const closing = this.closing();
    if (this.exit !== undefined) this.exit.finalised.push(path);
    else if (closing !== undefined && closing.unloaded.length === 0) closing.finalised.push(path);
    else this.act({ kind: 'unload', finalised: [path], unloaded: [] });
  }

  /** The dlclose that is going on: nothing but look-ups has come since. */
  private closing(): Extract<ObservedAction, { kind: 'unload' }> | undefined {
    const last = this.waiting.findLast(({ kind }) => kind !== 'use');
    return last?.kind === 'unload' ? last : undefined;
  }

  private unload(path: string): void {
    const open = this.opens.at(-1);
    if (open !== undefined && open.initialised.length === 0) this.fail(open);
    // A dlopen that fails takes back what it has mapped.
    if (this.failed !== undefined) return;
    const closing = this.closing();
    if (closing !== undefined) closing.unloaded.push(path);
    else this.act({ kind: 'unload', finalised: [], unloaded: [path] });
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
