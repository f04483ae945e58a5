import { BindingCounts } from './binding-counts.ts';
import { copyOf } from './bounded-counts.ts';
import type { TracedObject, TraceEvent, TraceEventKind } from './event.ts';
import { FoundFiles } from './found-files.ts';
import type { ImageTrace, StepKind, TraceStatistic, TraceStep } from './trace-facts.ts';

/** Steps that are kept of one image; the rest is counted. */
const STEP_LIMIT = 5000;
/** Files that are listed of one search. */
const TRIED_LIMIT = 100;

type Step = { -readonly [Key in keyof TraceStep]: TraceStep[Key] };

/** A step that others belong to, until it is over. */
interface Block {
  readonly step: Step;
  readonly namespace: number;
  /** Known by its search alone. */
  isGuess: boolean;
  /** Its constructors or destructors run: whatever is opened now is opened by them. */
  runsCode: boolean;
  /** dlopen: something of it has been relocated, so that everything was found. dlclose: something is unmapped. */
  isFar: boolean;
}

/** Builds the timeline of one image from its events, one after the other; what it keeps is bounded. */
export class ImageRecorder {
  readonly begins: ImageTrace['begins'];
  /** Symbols that are counted. */
  readonly symbolLimit: number;
  isStarted: boolean;
  program: string | undefined;
  private readonly counts: Partial<Record<TraceEventKind, number>> = {};
  private readonly statistics: TraceStatistic[] = [];
  private readonly bindings: BindingCounts;
  private steps: Step[] = [];
  private omitted = 0;
  private blocks: Block[] = [];
  /** The dlopen that an error has ended, as long as nothing else has happened. */
  private failed: Block | undefined;
  /** Those of audit modules (rtld-audit(7)), which are opened before anything else and called all the time. */
  private readonly auditors = new Set<number>();
  /** The search that is going on. */
  private load: Step | undefined;
  /** The step that look-ups are counted for. */
  private binding: Step | undefined;
  private readonly found = new FoundFiles();
  private versions: Step | undefined;
  private isScopeTold = false;
  /** An error that has ended the process, unless another line follows. */
  private fatal: Step | undefined;
  /** A constructor or destructor: it runs until the next line. */
  private running: Step | undefined;
  private through: string | undefined;
  private ends = false;
  private first: number | undefined;
  private last: number | undefined;

  constructor(begins: ImageTrace['begins'], symbolLimit: number) {
    this.begins = begins;
    this.symbolLimit = symbolLimit;
    this.bindings = new BindingCounts(symbolLimit);
    this.isStarted = begins === 'fork';
  }

  /** After main a library is needed only by one that is opened: another program begins. */
  isOutOfPlace({ kind }: TraceEvent): boolean {
    return kind === 'need' && this.blocks.length === 0 && this.failed === undefined;
  }

  /** `at` in milliseconds, for a program that is watched. */
  add(event: TraceEvent, at: number | undefined): void {
    this.counts[event.kind] = (this.counts[event.kind] ?? 0) + 1;
    this.first ??= at;
    if (this.fatal !== undefined) {
      this.fatal.isFatal = false;
      this.fatal = undefined;
    }
    if (this.running !== undefined) {
      this.finish(this.running, at);
      this.running = undefined;
    }
    if (event.kind !== 'unload' && event.kind !== 'fini') this.endClose();
    switch (event.kind) {
      case 'lookup':
        this.abandon(event.file.namespace, at);
        this.bindings.add(event);
        this.lookups(event.symbol, at).lookups! += 1;
        break;
      case 'bind':
        this.abandon(event.from.namespace, at);
        this.bindings.add(event);
        this.lookups(event.symbol, at).count! += 1;
        break;
      default:
        if (this.binding?.step === 'bind') this.endBinding();
        this.step(event, at);
    }
    this.last = at;
  }

  /**
   * Takes the start of an image out of this one: what looked like a library being opened was the start of the
   * next program, since its main has yet to be reached.
   */
  handOver(to: ImageRecorder): void {
    const [outermost] = this.failed === undefined ? this.blocks : [this.failed];
    // What somebody has asked for was no start: a constructor has executed the program.
    if (outermost === undefined || outermost.step.by !== undefined) return;
    const from = this.steps.indexOf(outermost.step);
    if (from >= 0) {
      to.steps = this.steps.splice(from).flatMap((step) => {
        step.depth = Math.max(0, step.depth - 1);
        return step === outermost.step ? [] : [step];
      });
    }
    to.first = outermost.step.at;
    to.load = this.load;
    this.load = undefined;
    this.blocks = [];
    this.failed = undefined;
  }

  facts(): ImageTrace {
    this.endBinding();
    const from = this.first;
    return {
      program: this.program ?? null,
      begins: this.begins,
      isStarted: this.isStarted,
      at: from === undefined ? null : rounded(from),
      ms: from === undefined || this.last === undefined ? null : rounded(this.last - from),
      counts: this.counts,
      steps: this.steps,
      omittedSteps: this.omitted,
      statistics: this.statistics,
      ...this.bindings.facts(),
    };
  }

  private step(event: TraceEvent, at: number | undefined): void {
    switch (event.kind) {
      case 'need':
        this.reopen(event.namespace);
        this.loading(event.library, event.by.path, at);
        return;
      case 'dlopen-request':
        this.open('dlopen', { path: event.library, namespace: event.namespace }, at, event.by.path);
        this.loading(event.library, event.by.path, at);
        return;
      case 'search':
        // Without `files` nobody has said who asks.
        if (this.load?.subject !== event.library || this.load.path !== undefined) {
          this.endGuess();
          if (this.isStarted && this.blocks.length === 0 && this.failed === undefined)
            this.guess({ path: event.library, namespace: event.namespace }, at);
          this.reopen(event.namespace);
          this.loading(event.library, undefined, at);
        }
        return;
      case 'search-path':
        this.through = event.of === undefined ? event.source : `${event.source} of ${event.of}`;
        return;
      case 'search-cache':
        this.through = event.cache;
        return;
      case 'try':
        this.tried(event.path, at);
        return;
      case 'map':
        this.mapped({ path: event.library, namespace: event.namespace }, at);
        return;
      case 'placed':
        if (this.load !== undefined) {
          this.load.base = copyOf(event.base);
          this.load.size = Number(event.size);
        }
        return;
      case 'version':
        this.versions ??= this.put('versions', event.by.path, at, { count: 0 });
        this.versions.count! += 1;
        return;
      case 'scope':
        if (!this.isStarted && !this.isScopeTold && this.begins === 'exec' && this.blocks.length === 0) {
          this.isScopeTold = true;
          this.put('scope', event.objects[0]!, at, { objects: event.objects.map(copyOf) });
        }
        return;
      case 'relocate':
        this.found.add(this.load);
        this.found.see(event.object);
        this.versions = undefined;
        this.goFar();
        this.binding = this.put('relocate', event.object, at, {
          isLazy: event.isLazy,
          count: 0,
          lookups: 0,
        });
        return;
      case 'preinit':
      case 'init':
        this.found.add(this.load);
        this.found.see(event.object);
        this.runCode(this.put(event.kind, event.object, at));
        return;
      case 'initialize':
      case 'transfer':
        this.program = copyOf(event.program);
        this.versions = undefined;
        if (event.kind === 'transfer') this.isStarted = true;
        this.runCode(this.put(event.kind, event.program, at));
        return;
      case 'dlopen':
        this.opened(event.object.path, event.count, at);
        return;
      case 'dlclose':
        this.put('dlclose', event.object, at, { count: event.count });
        return;
      case 'fini':
        this.finalise(event.object, at);
        return;
      case 'unload':
        if (!this.isClosing(event.object)) this.openClose(event.object, at);
        this.put('unload', event.object.path, at);
        this.goFar();
        return;
      case 'global':
        this.put('global', event.object.path, at);
        return;
      case 'nodelete':
        if (event.state === 'marked')
          this.put(
            'nodelete',
            event.object.path,
            at,
            event.reason === undefined ? {} : { message: copyOf(event.reason) },
          );
        return;
      case 'error':
        this.fail(event, at);
        return;
      case 'notice':
        this.put('notice', event.text, at);
        return;
      case 'statistic': {
        const { name, value, unit = null, percent = null } = event;
        this.statistics.push({ name: copyOf(name), value, unit, percent });
        return;
      }
      default:
        return;
    }
  }

  /** Appends a step inside the blocks that are open; later look-ups are not those of the step before. */
  private put(step: StepKind, subject: string, at: number | undefined, more: Partial<Step> = {}): Step {
    this.endBinding();
    const made: Step = { step, depth: this.blocks.length, subject: copyOf(subject), ...more };
    if (at !== undefined) made.at = rounded(at);
    if (this.steps.length < STEP_LIMIT) this.steps.push(made);
    else this.omitted++;
    if (step !== 'versions') this.versions = undefined;
    return made;
  }

  private endBinding(): void {
    if (this.binding !== undefined) this.finish(this.binding, this.last);
    this.binding = undefined;
  }

  private finish(step: Step, at: number | undefined): void {
    if (at !== undefined && step.at !== undefined) step.ms = rounded(at - step.at);
  }

  private lookups(symbol: string, at: number | undefined): Step {
    this.binding ??= this.put('bind', symbol, at, { count: 0, lookups: 0 });
    return this.binding;
  }

  private loading(library: string, by: string | undefined, at: number | undefined): void {
    this.found.add(this.load);
    this.through = undefined;
    this.load = this.put('load', library, at, {
      ...(by === undefined ? {} : { by: copyOf(by) }),
      tried: [],
      triedCount: 0,
    });
  }

  private tried(path: string, at: number | undefined): void {
    this.load ??= this.put('load', path, at, { tried: [], triedCount: 0 });
    const { load } = this;
    load.triedCount = (load.triedCount ?? 0) + 1;
    if (this.through !== undefined) load.through = copyOf(this.through);
    const tried = load.tried as string[];
    if (tried.length === TRIED_LIMIT) tried.pop();
    tried.push(copyOf(path));
  }

  private mapped(object: TracedObject, at: number | undefined): void {
    const { path: library, namespace } = object;
    if (this.load?.subject !== library || this.load.path !== undefined) {
      // dlmopen(3) of a path: the loader does not look who calls, and says nothing before this.
      const isAsked = this.blocks.some(({ runsCode }) => !runsCode);
      if (!isAsked && (this.isStarted || namespace !== 0)) this.open('dlopen', object, at);
      this.loading(library, undefined, at);
    }
    const load = this.load!;
    const path = library.includes('/') ? library : load.tried?.at(-1);
    if (path !== undefined) load.path = copyOf(path);
    this.finish(load, at);
  }

  private runCode(step: Step): void {
    this.running = step;
    const block = this.blocks.at(-1);
    if (block !== undefined) block.runsCode = true;
  }

  /** A block inside the one whose code runs; one that has not got so far has failed, or was never one. */
  private open(
    step: 'dlopen' | 'dlclose',
    { path, namespace }: TracedObject,
    at: number | undefined,
    by?: string,
  ): void {
    this.failed = undefined;
    this.load = undefined;
    this.abandon(undefined, at);
    while (this.blocks.length > 0 && !this.blocks.at(-1)!.runsCode) this.blocks.pop();
    if (!this.isStarted && namespace !== 0) this.auditors.add(namespace);
    const made = this.put(step, path, at, by === undefined ? {} : { by: copyOf(by) });
    this.blocks.push({ step: made, namespace, isGuess: false, runsCode: false, isFar: false });
  }

  /** Without `files` a dlopen is known by the search alone. */
  private guess(object: TracedObject, at: number | undefined): void {
    this.open('dlopen', object, at);
    this.blocks.at(-1)!.isGuess = true;
  }

  /** Nobody tells when it is over: once its constructors have run the next search is another's. */
  private endGuess(): void {
    const block = this.blocks.at(-1);
    if (block?.isGuess && block.runsCode) this.blocks.pop();
  }

  private goFar(): void {
    const block = this.blocks.at(-1);
    if (block !== undefined) block.isFar = true;
  }

  /**
   * Before anything of a library is relocated nobody but an auditor looks anything up: the dlopen has failed,
   * without a word.
   */
  private abandon(namespace: number | undefined, at: number | undefined): void {
    if (namespace !== undefined && this.auditors.has(namespace)) return;
    const block = this.blocks.at(-1);
    if (block?.step.step !== 'dlopen' || block.isFar || block.runsCode) return;
    if (this.counts['dlopen-request'] === undefined) return;
    block.step.message = `${this.load?.subject ?? block.step.subject} was not mapped`;
    this.finish(block.step, at);
    this.blocks.pop();
  }

  private endClose(): void {
    const block = this.blocks.at(-1);
    if (block?.step.step !== 'dlclose' || !block.isFar) return;
    this.finish(block.step, this.last);
    this.blocks.pop();
  }

  /** An error that somebody caught did not end the dlopen after all. */
  private reopen(namespace: number): void {
    if (this.failed?.namespace !== namespace) return;
    this.blocks.push(this.failed);
    this.failed = undefined;
  }

  private opened(path: string, count: number, at: number | undefined): void {
    const block = this.failed ?? this.blocks.at(-1);
    if (block?.step.step === 'dlopen') {
      block.step.count = count;
      if (path !== '') block.step.path = copyOf(path);
      delete block.step.message;
      this.finish(block.step, at);
      if (this.failed === undefined) this.blocks.pop();
      this.failed = undefined;
    } else this.put('dlopen', path, at, { count, path: copyOf(path) });
    this.load = undefined;
    this.endBinding();
  }

  /** Destructors run before anything is unmapped, so that one after that belongs to the next dlclose. */
  private isClosing({ namespace }: TracedObject, isFini = false): boolean {
    if (this.failed !== undefined) return true;
    const block = this.blocks.at(-1);
    return block?.step.step === 'dlclose' && block.namespace === namespace && !(isFini && block.isFar);
  }

  private openClose(object: TracedObject, at: number | undefined): void {
    this.endGuess();
    this.endClose();
    this.open('dlclose', object, at);
    this.blocks.at(-1)!.runsCode = true;
  }

  /** The program's own destructors mean that it ends; before that it is a library being closed. */
  private finalise(object: TracedObject, at: number | undefined): void {
    const isOwn = object.namespace === 0 && (object.path === '' || object.path === this.program);
    if (isOwn && !this.ends) this.beginEnd();
    if (this.ends) this.blocks = [];
    else if (!this.isClosing(object, true)) this.openClose(object, at);
    this.running = this.put('fini', object.path === '' ? (this.program ?? '') : object.path, at);
  }

  /** What was finalised before the program and not unmapped was not closed either: other namespaces end first. */
  private beginEnd(): void {
    this.ends = true;
    for (const { step, isFar } of this.blocks.toReversed()) {
      const from = this.steps.indexOf(step);
      if (step.step !== 'dlclose' || isFar || from < 0) return;
      this.steps.splice(from, 1);
      for (const inner of this.steps.slice(from)) inner.depth--;
    }
  }

  private fail(event: Extract<TraceEvent, { kind: 'error' }>, at: number | undefined): void {
    const { object, occasion, message, isFatal } = event;
    const step = this.put('error', object, at, { message: copyOf(`${occasion}: ${message}`), isFatal });
    if (isFatal) this.fatal = step;
    const block = this.blocks.at(-1);
    if (block?.step.step !== 'dlopen' || block.runsCode) return;
    block.step.message = copyOf(message);
    this.finish(block.step, step.at);
    this.failed = this.blocks.pop();
  }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
