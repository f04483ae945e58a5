import type { Finding } from '../../../model/index.ts';
import type { TraceEvent } from '../event.ts';
import { beginsImage, isOfStart } from '../timeline.ts';
import type { VerifiedImage } from '../trace-facts.ts';
import { ImageObserver } from './image-observer.ts';
import { ImageVerifier, type PredictionBasis } from './image-verifier.ts';
import type { ObservedAction } from './observed.ts';

/** The file of a program of a process, by the name that the loader calls it; `image` counts its programs. */
export type ProgramFinder = (
  program: string,
  process: { readonly pid: number; readonly image: number },
) => PredictionBasis | { readonly skipped: string };

interface Verified {
  readonly observer: ImageObserver;
  readonly verifier: ImageVerifier;
  readonly image: number;
}

/**
 * Holds one log against the simulation, event by event. A process that is the copy of another continues what the
 * other was predicted to do, as far as it binds references; what it opens itself is not replayed.
 */
export class LogVerifier {
  private readonly findProgram: ProgramFinder;
  private readonly current = new Map<number, Verified>();
  private readonly copies = new Set<number>();
  private readonly finished: { readonly image: VerifiedImage; readonly findings: readonly Finding[] }[] = [];

  constructor(findProgram: ProgramFinder) {
    this.findProgram = findProgram;
  }

  add(event: TraceEvent, owner: number | undefined): void {
    const { pid } = event;
    if (pid === 0) return;
    const known = this.current.get(pid);
    if (known === undefined) {
      const isStart = this.copies.has(pid) ? beginsImage(event) : isOfStart(event);
      if (isStart) this.begin(pid, 0).observer.add(event);
      else this.copy(event, owner);
      return;
    }
    if (known.observer.isStarted && (beginsImage(event) || known.observer.isOutOfPlace(event))) {
      this.finish(known);
      this.begin(pid, known.image + 1).observer.add(event);
    } else known.observer.add(event);
  }

  end(): { readonly images: readonly VerifiedImage[]; readonly findings: readonly Finding[] } {
    for (const verified of this.current.values()) this.finish(verified);
    this.current.clear();
    return {
      images: this.finished.map(({ image }) => image),
      findings: this.finished.flatMap(({ findings }) => findings),
    };
  }

  private begin(pid: number, image: number): Verified {
    const verifier = new ImageVerifier(pid, (program) => this.findProgram(program, { pid, image }));
    const verified = { verifier, observer: new ImageObserver(verifier), image };
    this.current.set(pid, verified);
    return verified;
  }

  /** What a copy binds is what its parent would have bound. */
  private copy(event: TraceEvent, owner: number | undefined): void {
    this.copies.add(event.pid);
    const parent = this.current.get(owner ?? 0);
    if (parent === undefined || event.kind !== 'bind') return;
    const action: ObservedAction = { kind: 'use', binding: event };
    parent.verifier.onAction(action);
  }

  private finish({ observer, verifier }: Verified): void {
    observer.end();
    this.finished.push(verifier.result);
  }
}
