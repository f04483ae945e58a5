import { readFileSync } from 'node:fs';
import type { Observation } from '../../analyses/soak/observation.ts';

/** What the kernel allows one process, as its limits are now. */
export function kernelLimits(): Observation['limits'] {
  return {
    fds: softLimit('Max open files'),
    threads: least(softLimit('Max processes'), numberIn('/proc/sys/kernel/threads-max')),
    mappings: numberIn('/proc/sys/vm/max_map_count'),
  };
}

/** A line of /proc/self/limits (proc(5)); null for `unlimited`. */
function softLimit(name: string): number | null {
  const line = (textOf('/proc/self/limits') ?? '').split('\n').find((text) => text.startsWith(name));
  const value = Number.parseInt(line?.slice(name.length).trim() ?? '', 10);
  return Number.isNaN(value) ? null : value;
}

function numberIn(path: string): number | null {
  const value = Number.parseInt(textOf(path) ?? '', 10);
  return Number.isNaN(value) ? null : value;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);
