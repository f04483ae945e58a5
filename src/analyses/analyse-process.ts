import { type Binder, type Binding, type LoadContext, loadProcess } from '../loader/index.ts';
import type { DynamicObject, Finding, Process } from '../model/index.ts';
import { conflictFindings } from './conflicts/conflict-findings.ts';
import { ConflictCollector } from './conflicts/find-conflicts.ts';
import { type JudgedConflict, judgeConflicts } from './conflicts/judge-conflict.ts';
import { type LinkUse, LinkUseCollector } from './exports/link-use.ts';
import { loadFindings } from './load/load-findings.ts';
import { isUndefined } from './load/undefined-symbols.ts';

/** One process, simulated from its root, with what the analyses make of it. */
export interface ProcessAnalysis {
  readonly process: Process;
  /** Look-ups that the loader makes, repeated ones included. */
  readonly lookups: number;
  readonly conflicts: readonly JudgedConflict[];
  /** What the root takes from whom. */
  readonly linkUse: LinkUse;
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
): ProcessAnalysis {
  const process = loadProcess(context, root, path);
  const collector = new ConflictCollector(process);
  const links = new LinkUseCollector(process);
  const unresolved: Binding[] = [];
  let lookups = 0;
  binder.bind(process, context.settingsFor(root).version, (binding, scope) => {
    lookups++;
    if (isUndefined(binding)) unresolved.push(binding);
    else collector.visit(binding, scope);
    links.visit(binding, scope);
  });
  const conflicts = judgeConflicts(collector.finish());
  return {
    process,
    lookups,
    conflicts,
    linkUse: links.finish(),
    loadFindings: loadFindings(process, unresolved),
    conflictFindings: conflictFindings(conflicts),
  };
}
