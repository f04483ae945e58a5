import { BoundedCounts, copyOf } from './bounded-counts.ts';
import type { TraceEvent, TraceEventKind } from './event.ts';
import type { ImageTrace, StepKind, TraceStatistic, TraceStep } from './trace-facts.ts';

/** Steps that are kept of one image; the rest is counted. */
const STEP_LIMIT = 5000;
/** Files that are listed of one search. */
const TRIED_LIMIT = 100;
/** Objects that are counted. */
const PROVIDERS = 1 << 10;
const TOP_SYMBOLS = 20;

type Step = { -readonly [Key in keyof TraceStep]: TraceStep[Key] };

/** A step that others belong to, until it is over. */
interface Block {
  readonly step: Step;
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
  private readonly providers = new BoundedCounts(PROVIDERS);
  private readonly bound: BoundedCounts;
  private readonly asked: BoundedCounts;
  private steps: Step[] = [];
  private omitted = 0;
  private blocks: Block[] = [];
  /** The dlopen that an error has ended, as long as nothing else has happened. */
  private failed: Block | undefined;
  /** The search that is going on. */
  private load: Step | undefined;
  /** The step that look-ups are counted for. */
  private binding: Step | undefined;
  private versions: Step | undefined;
  private isScopeTold = false;
  /** A constructor or destructor: it runs until the next line. */
  private running: Step | undefined;
  private through: string | undefined;
  private ends = false;
  private first: number | undefined;
  private last: number | undefined;

  constructor(begins: ImageTrace['begins'], symbolLimit: number) {
    this.begins = begins;
    this.symbolLimit = symbolLimit;
    this.bound = new BoundedCounts(symbolLimit);
    this.asked = new BoundedCounts(symbolLimit);
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
    if (this.running !== undefined) {
      this.finish(this.running, at);
      this.running = undefined;
    }
    if (event.kind !== 'unload' && event.kind !== 'fini') this.endClose();
    switch (event.kind) {
      case 'lookup':
        this.abandon(at);
        this.asked.add(event.symbol);
        this.lookups(event.symbol, at).lookups! += 1;
        break;
      case 'bind':
        this.abandon(at);
        this.bound.add(event.symbol);
        this.providers.add(event.to.path);
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
    if (outermost === undefined) return;
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
      providers: this.providers
        .top(Number.POSITIVE_INFINITY)
        .map(({ name, count }) => ({ object: name, bindings: count })),
      symbols: this.bound.top(TOP_SYMBOLS).map(({ name, count }) => ({
        symbol: name,
        bindings: count,
        lookups: this.asked.get(name),
      })),
    };
  }

  private step(event: TraceEvent, at: number | undefined): void {
    switch (event.kind) {
      case 'need':
        this.reopen();
        this.loading(event.library, event.by.path, at);
        return;
      case 'dlopen-request':
        this.open('dlopen', event.library, at, event.by.path);
        this.loading(event.library, event.by.path, at);
        return;
      case 'search':
        // Without `files` nobody has said who asks.
        if (this.load?.subject !== event.library || this.load.path !== undefined) {
          if (this.isStarted && this.blocks.length === 0 && this.failed === undefined)
            this.open('dlopen', event.library, at);
          this.reopen();
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
        this.mapped(event.library, at);
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
        if (!this.isStarted && !this.isScopeTold && this.begins === 'exec') {
          this.isScopeTold = true;
          this.put('scope', event.objects[0]!, at, { objects: event.objects.map(copyOf) });
        }
        return;
      case 'relocate':
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
        this.finalise(event.object.path, at);
        return;
      case 'unload':
        if (!this.isClosing()) this.openClose(event.object.path, at);
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

  private mapped(library: string, at: number | undefined): void {
    if (this.load?.subject !== library || this.load.path !== undefined) this.loading(library, undefined, at);
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
  private open(step: 'dlopen' | 'dlclose', subject: string, at: number | undefined, by?: string): void {
    this.failed = undefined;
    this.load = undefined;
    this.abandon(at);
    while (this.blocks.length > 0 && !this.blocks.at(-1)!.runsCode) this.blocks.pop();
    const made = this.put(step, subject, at, by === undefined ? {} : { by: copyOf(by) });
    this.blocks.push({ step: made, runsCode: false, isFar: false });
  }

  private goFar(): void {
    const block = this.blocks.at(-1);
    if (block !== undefined) block.isFar = true;
  }

  /** Before anything of a library is relocated nothing is looked up: the dlopen has failed, without a word. */
  private abandon(at: number | undefined): void {
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
  private reopen(): void {
    if (this.failed === undefined) return;
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

  private isClosing(): boolean {
    return this.blocks.at(-1)?.step.step === 'dlclose' || this.failed !== undefined;
  }

  private openClose(path: string, at: number | undefined): void {
    this.open('dlclose', path, at);
    this.blocks.at(-1)!.runsCode = true;
  }

  /** The program's own destructors mean that it ends; before that it is a library being closed. */
  private finalise(path: string, at: number | undefined): void {
    this.ends ||= path === '' || path === this.program;
    if (this.ends) this.blocks = [];
    else if (!this.isClosing()) this.openClose(path, at);
    this.running = this.put('fini', path === '' ? (this.program ?? '') : path, at);
  }

  private fail(event: Extract<TraceEvent, { kind: 'error' }>, at: number | undefined): void {
    const { object, occasion, message, isFatal } = event;
    const step = this.put('error', object, at, { message: copyOf(`${occasion}: ${message}`), isFatal });
    const block = this.blocks.at(-1);
    if (block?.step.step !== 'dlopen' || block.runsCode) return;
    block.step.message = copyOf(message);
    this.finish(block.step, step.at);
    this.failed = this.blocks.pop();
  }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
