import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { loadContext } from '../../../src/host/index.ts';
import { startSession } from '../../../src/loader/index.ts';
import type { DlCall } from '../../../src/model/index.ts';
import { runDifferences } from './compare.ts';
import { driverObject, observe } from './observe.ts';
import { predict } from './predict.ts';

/**
 * Left out, since their constructors do more than the files tell: what instruments or replaces a whole process
 * when it is loaded, and what opens further libraries then.
 */
const BUSY = /lib(asan|tsan|lsan|hwasan|ubsan|memusage|pcprofile|SegFault)/;

export const openable = (path: string): boolean => !BUSY.test(path);

/** Opens and closes libraries in one process, one after the other, each with other flags; asks both loaders. */
export function compareOpenings(
  directory: string,
  libraries: readonly string[],
): { readonly differences: readonly string[]; readonly calls: number } {
  const program = join(directory, 'program');
  execFileSync('gcc', ['-o', program, driverObject(), '-rdynamic', '-Wl,-z,now']);
  const context = loadContext({});
  const target = context.openTarget(program);
  if (target.kind !== 'dynamic') throw new Error('no program');
  const session = startSession(context, target.object, program);
  const calls = libraries.flatMap((file, at): DlCall[] => {
    const handle = `h${at}`;
    // Without RTLD_NOW constructors would bind what they call.
    const mode = { now: true, global: at % 5 === 4, deepBind: at % 7 === 3 };
    const open = { call: 'dlopen', file, mode, handle } as const;
    const { result } = session.perform(open);
    // Every third stays open beside what follows.
    return result === 'opened' && at % 3 !== 2 ? [open, { call: 'dlclose', handle }] : [open];
  });
  const predicted = predict(program, calls, {}, context);
  const real = observe(program, calls);
  return { differences: runDifferences(predicted, real, calls), calls: calls.length };
}
