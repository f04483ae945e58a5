import type { TraceEvent } from './event.ts';
import { ImageRecorder } from './image-recorder.ts';
import { isVdso } from './message-parts.ts';
import type { ImageTrace, ProcessTrace, TraceFacts } from './trace-facts.ts';

/** Processes that are told of; the rest is counted. */
const PROCESS_LIMIT = 2000;
/** Programs of one process that are told of, the last always. */
const IMAGE_LIMIT = 100;
/** Symbols that are counted of a program of the first process, and of any other. */
const SYMBOLS = 1 << 15;
const FEWER_SYMBOLS = 1 << 9;
const EXAMPLES = 20;
const EXAMPLE_LENGTH = 400;

interface Recorded {
  readonly pid: number;
  readonly owner: number | undefined;
  /** The programs before the present one; nothing but what is told of them is kept. */
  readonly images: ImageTrace[];
  image: ImageRecorder;
  omittedImages: number;
}

/**
 * Sorts events by process and by image, and builds a timeline of each. A file of LD_DEBUG_OUTPUT is that of the
 * process that it is named after; others in it are its children, before they execute a program of their own.
 */
export class Timeline {
  private readonly processes = new Map<number, Recorded>();
  private readonly parents = new Map<number, number>();
  private readonly omitted = new Set<number>();
  private readonly examples: string[] = [];
  private readonly unused: string[] = [];
  private events = 0;
  private unknown = 0;
  private outputLines = 0;

  /** `owner` is the process that the log belongs to; `at` is when the line was seen, in milliseconds. */
  add(event: TraceEvent, owner: number | undefined, at?: number): void {
    this.events++;
    const { pid } = event;
    switch (event.kind) {
      case 'unknown':
        this.unknown++;
        if (this.examples.length < EXAMPLES) this.examples.push(event.text.slice(0, EXAMPLE_LENGTH));
        break;
      case 'output':
        this.outputLines++;
        this.events--;
        return;
      case 'unused':
        if (this.unused.length < PROCESS_LIMIT) this.unused.push(event.object);
        break;
      default:
    }
    if (pid === 0) return;
    const recorded = this.processes.get(pid) ?? this.enter(pid, owner, event);
    if (recorded === undefined) return;
    const { image } = recorded;
    if (image.isStarted && (beginsImage(event) || image.isOutOfPlace(event))) execute(recorded, event);
    recorded.image.add(event, at);
  }

  /** What /proc tells of a process while it is there. */
  setParent(pid: number, parent: number): void {
    if (this.parents.size < PROCESS_LIMIT) this.parents.set(pid, parent);
  }

  facts(): Pick<
    TraceFacts,
    'events' | 'unknown' | 'outputLines' | 'unused' | 'processes' | 'omittedProcesses'
  > {
    return {
      events: this.events,
      unknown: { count: this.unknown, examples: this.examples },
      outputLines: this.outputLines,
      unused: this.unused,
      processes: [...this.processes.values()].map(
        ({ pid, owner, images, image, omittedImages }): ProcessTrace => {
          const parent = this.parents.get(pid) ?? (owner === pid ? undefined : owner);
          const isKnown = parent !== undefined && this.processes.has(parent);
          return {
            pid,
            parent: isKnown ? parent : null,
            images: [...images, image.facts()],
            omittedImages,
          };
        },
      ),
      omittedProcesses: this.omitted.size,
    };
  }

  private enter(pid: number, owner: number | undefined, event: TraceEvent): Recorded | undefined {
    if (this.processes.size >= PROCESS_LIMIT) {
      if (this.omitted.size < 1 << 20) this.omitted.add(pid);
      return undefined;
    }
    const symbols = this.processes.size === 0 ? SYMBOLS : FEWER_SYMBOLS;
    const image = new ImageRecorder(isOfStart(event) ? 'exec' : 'fork', symbols);
    const recorded = { pid, owner, images: [], image, omittedImages: 0 };
    this.processes.set(pid, recorded);
    return recorded;
  }
}

/** The process executes another program. */
function execute(recorded: Recorded, first: TraceEvent): void {
  const next = new ImageRecorder('exec', recorded.image.symbolLimit);
  // Nothing of a program comes before its vDSO is looked at.
  if (!isVdsoSetUp(first)) recorded.image.handOver(next);
  if (recorded.images.length === IMAGE_LIMIT - 1) recorded.omittedImages++;
  else recorded.images.push(recorded.image.facts());
  recorded.image = next;
}

/**
 * The loader's first look-up of all is that of the clock in the vDSO (glibc sysdeps/unix/sysv/linux/
 * dl-vdso-setup.h). Later on only references to other functions of it are bound.
 */
function isVdsoSetUp(event: TraceEvent): boolean {
  if (event.kind !== 'lookup' && event.kind !== 'bind') return false;
  const { path } = event.kind === 'lookup' ? event.file : event.from;
  return isVdso(path) && CLOCK.test(event.symbol);
}

const CLOCK = /_clock_gettime(64)?$/;

/** What happens before main and never after it. */
export const beginsImage = (event: TraceEvent): boolean =>
  event.kind === 'scopes' || event.kind === 'initialize' || isVdsoSetUp(event);

const START_KINDS: ReadonlySet<string> = new Set([
  'need',
  'search',
  'scopes',
  'version',
  'relocate',
  'preinit',
  'init',
  'initialize',
  'transfer',
  'map',
]);

/** A process whose first event this is has been started; otherwise it is the copy of another. */
export const isOfStart = (event: TraceEvent): boolean => START_KINDS.has(event.kind) || isVdsoSetUp(event);
