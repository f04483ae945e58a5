import type { DiagnosisFiles } from '../../analyses/diagnosis/index.ts';
import type { StepEnd } from '../../analyses/loading/diagnose-step.ts';
import { mayStay, runForeignCode } from '../../analyses/loading/doubts.ts';
import { filePlace } from '../../analyses/loading/file-place.ts';
import type { ForeignCode } from '../../analyses/loading/foreign-code.ts';
import { type PredictedStep, predictStep } from '../../analyses/loading/predict-step.ts';
import type { Diagnose, TakenSteps } from '../../analyses/loading/predict-steps.ts';
import { NOTHING_MOVES, stepDifferences } from '../../analyses/loading/step-result.ts';
import type { TraceEvent } from '../../analyses/trace/index.ts';
import type { DlSession } from '../../loader/dl-session.ts';
import type {
  DlCall,
  DlOutcome,
  Finding,
  ForeignCall,
  LazyBinding,
  LoadStep,
  StepFacts,
  StepResult,
} from '../../model/index.ts';
import { BadAddress, DlError, type LinkMapEntry, NotLoaded, ProcessDied, processOn } from '../dl/index.ts';
import { type HostBackend, type HostOptions, startHost } from '../native-host/start-host.ts';
import { foreignCallsOf } from './foreign-calls.ts';
import { LoaderLog } from './loader-log.ts';
import { OutputTail } from './output-tail.ts';
import { type OpenHandles, type Performed, performStep } from './perform-step.ts';
import { diedBetween, diedDuring, type Ended } from './step-death.ts';

export interface LoadOptions extends Omit<HostOptions, 'output' | 'environment'> {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Makes the simulation of the host's process, once its program is known; undefined: nothing is predicted. */
  readonly predict: (program: string) => DlSession | undefined;
  readonly diagnose: Diagnose;
  /** Those that the process opens. */
  readonly files: DiagnosisFiles;
  /** Foreign code ran: it may have moved files about. */
  readonly filesMayChange: () => void;
  /** Is told the code that runs. */
  readonly foreign: ForeignCode;
}

/** Takes the steps in a host process, one after the other, each predicted before it is taken. */
export async function runSteps(steps: readonly LoadStep[], options: LoadOptions): Promise<TakenSteps> {
  using log = new LoaderLog();
  const output = new OutputTail();
  const { environment, predict, diagnose, files, foreign, filesMayChange, ...limits } = options;
  await using backend = await startHost({
    ...limits,
    environment: { ...environment, ...log.environment },
    output: output.add,
  });
  const program = backend.hostPath;
  const witnesses = { log, output, session: predict(program), diagnose, files, foreign };
  const run = new Run(backend, witnesses, await backend.linkMap());
  log.take(backend.pid);
  const facts: StepFacts[] = [];
  for (const [at, step] of steps.entries()) {
    facts.push(await run.take(step, { before: steps[at - 1], after: steps[at + 1] }));
    filesMayChange();
  }
  return { facts, findings: run.findings };
}

interface Witnesses {
  readonly log: LoaderLog;
  readonly output: OutputTail;
  session: DlSession | undefined;
  readonly diagnose: LoadOptions['diagnose'];
  readonly files: DiagnosisFiles;
  readonly foreign: ForeignCode;
}

/** The steps around one. */
interface Neighbours {
  readonly before: LoadStep | undefined;
  readonly after: LoadStep | undefined;
}

/** An object of the process; `base` is what the loader added to the file's addresses, modulo 2^64. */
interface Mapped {
  readonly path: string;
  readonly base: bigint;
}

/** Nothing is said, or not yet. */
const UNSAID: PredictedStep = { predicted: null };

const SKIPPED: StepResult = { ...NOTHING_MOVES, result: 'skipped' };

class Run {
  private readonly backend: HostBackend;
  private readonly witnesses: Witnesses;
  readonly findings: Finding[] = [];
  private readonly handles: OpenHandles;
  /** What was called so far, failures included. */
  private readonly called: DlCall[] = [];
  /** What is there before the first step, the program by its own path. */
  private readonly fromStart: ReadonlySet<string>;
  /** What is in the process, in the order of its link maps, by namespace, place and name. */
  private present: ReadonlyMap<string, Mapped>;
  /** The process is gone: why. */
  private over: string | undefined;

  constructor(backend: HostBackend, witnesses: Witnesses, atStart: readonly LinkMapEntry[]) {
    this.fromStart = new Set(atStart.map(({ name }) => name || backend.hostPath));
    this.backend = backend;
    this.witnesses = witnesses;
    this.handles = {
      dl: processOn(backend),
      libraries: new Map(),
      program: backend.hostPath,
      placeInFile: (object, address) => {
        const inFile = fileAddress(this.present.values(), object, address);
        return inFile === undefined ? {} : filePlace(witnesses.files, object, inFile);
      },
    };
    this.present = new Map(atStart.map((entry) => this.keyed(0n, entry)));
  }

  async take(step: LoadStep, neighbours: Neighbours): Promise<StepFacts> {
    const missing = this.over ?? this.missingHandle(step);
    if (missing !== undefined) return this.skip(step, missing);
    const { session, files, foreign, log } = this.witnesses;
    const staying = session === undefined ? [] : mayStay(session, foreign, step);
    // Whether they stay is known once the step is taken; the rest is said before.
    let said = session === undefined || staying.length > 0 ? UNSAID : predictStep(session, files, step);
    const foreseen = this.diagnose(step, said.outcome, {});
    const before = this.present;
    const performed = await this.perform(step, neighbours, said.outcome, foreseen);
    const { value, buffers, death, ...outcome } = performed;
    const events = log.take(this.backend.pid);
    const moves = this.over === undefined ? moved(before, this.present) : NO_MOVES;
    const calls = this.over !== undefined || log.isOpen(this.backend.pid) ? callsOf(events) : {};
    const observed: StepResult = { ...outcome, ...moves, ...calls };
    if (session !== undefined && staying.length > 0) {
      const stayed = staying.filter(({ entry }) => !observed.unloaded.includes(entry.path));
      for (const { entry } of stayed) session.keepForThread(entry);
      said = predictStep(session, files, step);
    }
    runForeignCode(foreign, step, said);
    const { predicted, kept } = said;
    const bound = lazyBindings(step, events, this.fromStart);
    const foreignCalls = foreignCallsOf(step, observed, events);
    this.tell(observed, predicted, bound, foreignCalls);
    if ('call' in step) this.called.push(step.call);
    const known = { predicted, observed, ...(foreignCalls.length === 0 ? {} : { foreignCalls }) };
    return {
      step: step.text,
      ...known,
      agrees: stepDifferences(known).length === 0,
      ...(kept === undefined ? {} : { kept }),
      ...(value === undefined ? {} : { value }),
      ...(death === undefined ? {} : { death }),
      ...(buffers === undefined ? {} : { buffers }),
      bound,
      ...(staying.length === 0 ? {} : { doubts: staying.map(({ doubt }) => doubt) }),
      ...(await this.witnesses.output.take()),
    };
  }

  private diagnose(step: LoadStep, outcome: DlOutcome | undefined, end: StepEnd): Finding[] {
    const { session, diagnose } = this.witnesses;
    return session === undefined ? [] : diagnose(session, outcome, this.called, step, end);
  }

  private missingHandle(step: LoadStep): string | undefined {
    const names = handlesOf(step).filter((name) => !this.handles.libraries.has(name));
    return names.length === 0 ? undefined : `${names[0]} was not opened`;
  }

  private skip(step: LoadStep, message: string): StepFacts {
    const observed = { ...SKIPPED, message };
    return { step: step.text, predicted: null, observed, agrees: true, bound: [], stdout: '', stderr: '' };
  }

  private async perform(
    step: LoadStep,
    { before, after }: Neighbours,
    predicted: DlOutcome | undefined,
    foreseen: readonly Finding[],
  ): Promise<Ended> {
    let performed: Performed;
    try {
      performed = await this.attempt(step, predicted, foreseen);
    } catch (error) {
      const isBefore = error instanceof ProcessDied && error.isIdle;
      const end = isBefore ? diedBetween(error, 'before', before, step) : diedDuring(error);
      const death = error instanceof ProcessDied ? { death: error.death } : {};
      if (!isBefore) this.findings.push(...this.diagnose(step, predicted, death));
      return this.ended(end);
    }
    try {
      this.present = await this.survey();
      return performed;
    } catch (error) {
      // What the step did stands: a thread brought the process down when it was over.
      return this.ended({ ...performed, ...diedBetween(error, 'after', step, after) });
    }
  }

  private ended(end: Ended): Ended {
    this.over = 'the process has ended';
    return end;
  }

  /** Takes a step that may be refused. */
  private async attempt(
    step: LoadStep,
    predicted: DlOutcome | undefined,
    foreseen: readonly Finding[],
  ): Promise<Performed> {
    try {
      const performed = await performStep(this.handles, step);
      this.findings.push(...foreseen);
      return performed;
    } catch (error) {
      if (error instanceof BadAddress) return { result: 'failed', message: badAddressText(step, error) };
      if (error instanceof DlError) {
        if (error instanceof NotLoaded) {
          this.findings.push(...foreseen);
          return { result: 'not-loaded' };
        }
        const { message } = error;
        const isForeseen = predicted?.result === 'refused' && predicted.message === message;
        this.findings.push(...(isForeseen ? foreseen : this.diagnose(step, predicted, { message })));
        return { result: 'refused', message };
      }
      throw error;
    }
  }

  /** The namespaces of open handles are looked at as well. */
  private async survey(): Promise<Map<string, Mapped>> {
    const entries = (await this.backend.linkMap()).map((entry) => this.keyed(0n, entry));
    for (const { handle } of this.handles.libraries.values()) {
      const { namespace = 0n } = await this.backend.handleInfo(handle);
      if (namespace === 0n) continue;
      for (const entry of await this.backend.linkMap(handle)) entries.push(this.keyed(namespace, entry));
    }
    return new Map(entries);
  }

  /** The program has no name of its own; an object is known by its place too, since a name may return. */
  private keyed(namespace: bigint, { name, base }: LinkMapEntry): [string, Mapped] {
    return [`${namespace} ${base} ${name}`, { path: name || this.backend.hostPath, base }];
  }

  /**
   * Keeps the simulation in step with what foreign code did. What it opened or closed itself the simulation does
   * not know, so that nothing more can be said.
   */
  private tell(
    observed: StepResult,
    predicted: StepResult | null,
    bound: readonly LazyBinding[],
    foreignCalls: readonly ForeignCall[],
  ): void {
    const { session } = this.witnesses;
    if (session === undefined) return;
    const moves = (result: StepResult | null) => `${result?.loaded ?? ''};${result?.unloaded ?? ''}`;
    if (foreignCalls.length > 0 || moves(observed) !== moves(predicted ?? SKIPPED)) {
      this.witnesses.session = undefined;
      return;
    }
    const present = new Set(session.linkMap().map(({ path }) => path));
    for (const { from, symbol } of bound) {
      // What a destructor bound is of no account once its object is gone.
      if (!present.has(from)) continue;
      const used = session.perform({ call: 'use', object: from, symbol });
      // No reference of its own: its code has called dlsym(3), which binds as firmly.
      const handle = { pseudo: 'default' } as const;
      if (used.result === 'refused') session.perform({ call: 'dlsym', handle, caller: from, symbol });
    }
  }
}

/** The address itself differs from run to run. */
const badAddressText = (step: LoadStep, { message }: BadAddress): string =>
  step.step === 'symbol' && step.use !== 'call'
    ? `its memory cannot be ${step.use === 'write' ? 'written' : 'read'}`
    : message;

/**
 * An address of the process as the object's file has it. Several namespaces may have the file: it lies in the one
 * whose base is next below. Undefined: no link map has the name that dladdr(3) gives.
 */
function fileAddress(present: Iterable<Mapped>, object: string, address: bigint): bigint | undefined {
  let least: bigint | undefined;
  for (const { path, base } of present) {
    const inFile = BigInt.asUintN(64, address - base);
    if (path === object && (least === undefined || inFile < least)) least = inFile;
  }
  return least;
}

const NO_MOVES = { loaded: [], unloaded: [] };

/** What joined the process and what left it. */
function moved(
  before: ReadonlyMap<string, Mapped>,
  after: ReadonlyMap<string, Mapped>,
): Pick<StepResult, 'loaded' | 'unloaded'> {
  const only = (those: ReadonlyMap<string, Mapped>, others: ReadonlyMap<string, Mapped>) =>
    [...those].flatMap(([key, { path }]) => (others.has(key) ? [] : [path]));
  return { loaded: only(after, before), unloaded: only(before, after) };
}

function handlesOf(step: LoadStep): string[] {
  const call = step.step === 'info' ? step.address : step.call;
  if (typeof call === 'bigint') return [];
  if (call.call === 'dlopen') return typeof call.namespace === 'object' ? [call.namespace.of] : [];
  return typeof call.handle === 'string' ? [call.handle] : [];
}

function callsOf(events: readonly TraceEvent[]): Pick<StepResult, 'initialised' | 'finalised'> {
  return {
    initialised: events.flatMap((event) => (event.kind === 'init' ? [event.object] : [])),
    finalised: events.flatMap((event) => (event.kind === 'fini' ? [event.object.path] : [])),
  };
}

/**
 * Look-ups that foreign code caused: all of a call, otherwise those of constructors and destructors. What was
 * there at the start, the C library and the host itself, is bound lazily by whatever the host does.
 */
function lazyBindings(
  step: LoadStep,
  events: readonly TraceEvent[],
  fromStart: ReadonlySet<string>,
): LazyBinding[] {
  const isCall = step.step === 'symbol' && step.use === 'call';
  const begin = isCall ? 0 : events.findIndex(({ kind }) => kind === 'init' || kind === 'fini');
  return events.slice(begin < 0 ? events.length : begin).flatMap((event) => {
    // The look-up of the step itself.
    if (event.kind !== 'bind' || (isCall && event.symbol === step.call.symbol)) return [];
    if (fromStart.has(event.from.path)) return [];
    return [{ from: event.from.path, symbol: event.symbol, to: event.to.path }];
  });
}
