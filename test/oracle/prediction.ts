import { isUndefined, loadFindings, referenceVersion } from '../../src/analyses/index.ts';
import { symbolName } from '../../src/elf/index.ts';
import { loadContext, type SystemTargets } from '../../src/host/index.ts';
import { Binder, type Binding, loadProcess } from '../../src/loader/index.ts';
import type { Finding } from '../../src/model/index.ts';
import type { Trace } from './ld-so.ts';

/** The simulation's answer for one root, in the rows of the oracle, and what it finds amiss. */
export interface Prediction extends Trace {
  readonly findings: readonly Finding[];
}

export interface PredictionOptions {
  readonly libraryPath?: string | undefined;
  readonly preload?: string | undefined;
  readonly sysroot?: string | undefined;
}

/** The simulated loader, asked like the real one. Libraries are read and indexed once for all roots. */
export class Predictor {
  private readonly system: SystemTargets;
  private readonly binder = new Binder();

  constructor({ sysroot, ...options }: PredictionOptions = {}) {
    this.system = loadContext(options, sysroot);
  }

  /** What a file needs by itself; undefined for one that cannot be the root of a process at all. */
  neededBy(root: string): readonly string[] | undefined {
    const target = this.system.openTarget(root);
    return target.kind === 'dynamic' ? target.object.needed : undefined;
  }

  predict(root: string): Prediction {
    const target = this.system.openTarget(root);
    if (target.kind !== 'dynamic') throw new Error(`${root}: ${target.kind}`);
    const { object } = target;
    const process = loadProcess(this.system, object, root);
    const bindings: string[] = [];
    const unresolved: Binding[] = [];
    this.binder.bind(process, this.system.settingsFor(object).version, (binding) => {
      const { to, kind } = binding;
      if (isUndefined(binding)) unresolved.push(binding);
      if (to) bindings.push(`${referenceText(binding)}\t${to.path}\t${kind}`);
    });
    const findings = loadFindings(process, unresolved);
    return {
      deps: process.linkMap
        .slice(1)
        .map(
          (entry, order) => `${order}\t${entry.name}\t${entry.kind === 'loaded' ? entry.path : 'not found'}`,
        ),
      bindings,
      undefinedSymbols: unresolved.map(referenceText),
      messages: findings.map(({ message }) => message),
      findings,
    };
  }
}

function referenceText({ from, reference }: Binding): string {
  const version = referenceVersion(from.object, reference) ?? '-';
  return `${from.path}\t${symbolName(from.object.symbols, reference)}\t${version}`;
}
