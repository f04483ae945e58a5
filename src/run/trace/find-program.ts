import { realpathSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { PredictionBasis, ProgramFinder } from '../../analyses/trace/index.ts';
import type { SystemTargets } from '../../host/index.ts';

/** What is known of the programs of a trace besides its log. */
export interface KnownPrograms {
  readonly context: SystemTargets;
  /** LD_BIND_NOW is set. */
  readonly bindNow: boolean;
  /** The command's own: what its process executes first. */
  readonly main:
    | {
        readonly pid: number;
        readonly path: string;
        /** An option of the loader that nobody simulates. */
        readonly unpredictable: string | undefined;
      }
    | undefined;
  /** Files that /proc showed while the process was there. */
  readonly seen: ReadonlyMap<number, readonly string[]>;
}

/**
 * Finds the files of programs. The loader knows a program by the first argument of its command line alone, which
 * is a path, or a name that a shell has found on PATH; what /proc has shown of the process decides.
 */
export function programFinder({ context, bindNow, main, seen }: KnownPrograms): ProgramFinder {
  let isAny = false;
  return (program, { pid, image }) => {
    // Of a log the first program is that which was started in the environment that the options stand for.
    const isFirst = main === undefined && !isAny;
    isAny = true;
    const isMain = main?.pid === pid && image === 0;
    if (isMain && main.unpredictable !== undefined)
      return { skipped: `the loader is asked for ${main.unpredictable}` };
    const candidates = isMain ? [main.path] : candidatesFor(program, seen.get(pid) ?? []);
    for (const path of candidates) {
      const target = context.openTarget(path);
      if (target.kind === 'dynamic')
        return {
          context,
          object: target.object,
          path,
          bindNow,
          isEnvironmentKnown: isMain || isFirst,
        } satisfies PredictionBasis;
    }
    return { skipped: 'its file is not known' };
  };
}

function candidatesFor(program: string, seen: readonly string[]): readonly string[] {
  const named = program.includes('/') ? [program] : onPath(program);
  if (seen.length === 0) return named;
  const files = new Set(seen);
  const certain = named.filter((path) => files.has(realPath(path)));
  const alike = seen.filter((path) => basename(path).startsWith(basename(program)));
  return [...certain, ...alike, ...named];
}

const onPath = (name: string): string[] =>
  (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name.replace(/^-/, '')));

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
