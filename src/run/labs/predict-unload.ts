import { resolve } from 'node:path';
import { analyseUnload, type UnloadAnalysis } from '../../analyses/unload/index.ts';
import { askUnload, type UnloadSurroundings, UnreadableLibrary } from '../../host/index.ts';
import type { LabRun } from '../../model/lab.ts';
import { isOfBuild } from './tools.ts';

/** The verdict on each library that a lab asks about, opened by the program of the run; by the library's name. */
export function predictUnloads(
  { predicts, command }: LabRun,
  directory: string,
  surroundings: Pick<UnloadSurroundings, 'libraryPath' | 'preload'>,
): Map<string, UnloadAnalysis> {
  const program = command.find((word) => isOfBuild([word]));
  const host = program === undefined ? undefined : resolve(directory, program);
  const verdicts = new Map<string, UnloadAnalysis>();
  for (const stated of predicts) {
    if (stated.kind !== 'unload') continue;
    try {
      const question = askUnload(resolve(directory, stated.plugin), { ...surroundings, host });
      verdicts.set(stated.plugin, analyseUnload(question));
    } catch (error) {
      if (!(error instanceof UnreadableLibrary)) throw error;
    }
  }
  return verdicts;
}
