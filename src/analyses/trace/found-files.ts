import { baseName } from '../../model/index.ts';
import type { TraceStep } from './trace-facts.ts';

type Load = { -readonly [Key in keyof TraceStep]: TraceStep[Key] };

/** Searches that are remembered. */
const LIMIT = 1 << 10;

/**
 * Completes searches of which the loader does not say how they ended: with the category `libs` alone nothing is
 * told of mapping, with `files` alone nothing of where it was found. An object that is relocated or initialised
 * later was found.
 */
export class FoundFiles {
  /** By the last file that was tried, or by the name alone. */
  private readonly open = new Map<string, Load>();

  /** A search is over. */
  add(load: Load | undefined): void {
    if (load === undefined || load.path !== undefined) return;
    // The oldest one is given up: what is not found is not seen again.
    if (this.open.size === LIMIT) this.open.delete(this.open.keys().next().value!);
    this.open.set(load.tried?.at(-1) ?? load.subject, load);
  }

  /** The loader names an object that is in the process. */
  see(path: string): void {
    if (this.open.size === 0) return;
    const key = this.open.has(path) ? path : baseName(path);
    const load = this.open.get(key);
    if (load === undefined) return;
    load.path = path;
    this.open.delete(key);
  }
}
