import { Binder, type Binding, checkVersions, type LoadContext, loadProcess } from '../loader/index.ts';
import type { DynamicObject, Finding, Process } from '../model/index.ts';
import { type ShowName, conflictFindings } from './conflicts/conflict-findings.ts';
import { type Conflict, ConflictCollector } from './conflicts/find-conflicts.ts';
import { missingLibraries } from './load/missing-libraries.ts';
import { isUndefined, undefinedSymbols } from './load/undefined-symbols.ts';
import { versionFindings } from './load/versions.ts';

/** One process, simulated from its root, with what the analyses make of it. */
export interface ProcessAnalysis {
  readonly process: Process;
  /** Look-ups that the loader makes, repeated ones included. */
  readonly lookups: number;
  readonly conflicts: readonly Conflict[];
  /** Findings of the kinds `load.*`. */
  readonly loadFindings: readonly Finding[];
  /** Findings of the kinds `conflict.*`. */
  readonly conflictFindings: readonly Finding[];
}

/** Loads and binds the process of one root and runs every analysis of a process over it. */
export function analyseProcess(
  context: LoadContext,
  binder: Binder,
  root: DynamicObject,
  path: string,
  show: ShowName,
): ProcessAnalysis {
  const process = loadProcess(context, root, path);
  const collector = new ConflictCollector(process);
  const unresolved: Binding[] = [];
  let lookups = 0;
  binder.bind(process, context.settingsFor(root).version, (binding, scope) => {
    lookups++;
    if (isUndefined(binding)) unresolved.push(binding);
    else collector.visit(binding, scope);
  });
  const conflicts = collector.finish();
  // With a library missing, its symbols are missing too: the missing library is the finding.
  const complete = process.linkMap.every(({ kind }) => kind === 'loaded');
  return {
    process,
    lookups,
    conflicts,
    loadFindings: [
      ...missingLibraries(process),
      ...versionFindings(checkVersions(process)),
      ...(complete ? undefinedSymbols(process, unresolved) : []),
    ],
    conflictFindings: conflictFindings(conflicts, show),
  };
}
