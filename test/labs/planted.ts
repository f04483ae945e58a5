import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabFacts, LabRow } from '../../src/analyses/labs/lab-facts.ts';
import type { Lab, LabRun, LabVariant, Prediction } from '../../src/model/lab.ts';
import { type LocatedLab, runLab } from '../../src/run/labs/run-lab.ts';
import { missingTools } from '../../src/run/labs/tools.ts';

const SOURCES: Readonly<Record<string, string>> = {
  'one.c': 'int number(void) { return 1; } int one(void) { return number(); }',
  'two.c': 'int number(void) { return 2; } int two(void) { return number(); }',
  'app.c':
    '#include <stdio.h>\nint one(void), two(void); int main(void) { printf("%d %d\\n", one(), two()); }',
  'die.c':
    '#include <stdlib.h>\n#include <stdio.h>\nint main(void) { puts("so far"); fflush(stdout); abort(); }',
  'hang.c': '#include <unistd.h>\nint main(void) { if (fork() == 0) pause(); pause(); }',
};

export const CONFLICT: Extract<Prediction, { kind: 'conflict' }> = {
  kind: 'conflict',
  symbol: 'number',
  finding: 'conflict.function',
  severity: 'warning',
  winner: 'libone.so',
  losers: ['libtwo.so'],
};

export const RUN: LabRun = {
  command: ['./app'],
  predicts: [{ kind: 'lookup-order', objects: ['app', 'libone.so', 'libtwo.so'] }, CONFLICT],
  observes: { stdout: ['1 1'] },
};

export const VARIANT: LabVariant = {
  name: 'planted',
  build: [
    ['cc', '-shared', '-fPIC', '-o', 'libone.so', 'one.c'],
    ['cc', '-shared', '-fPIC', '-o', 'libtwo.so', 'two.c'],
    ['cc', '-o', 'app', 'app.c', '-L.', '-lone', '-ltwo', '-Wl,-rpath,$ORIGIN'],
  ],
  runs: [RUN],
};

/** A lab whose statements are all true. */
export const LAB: Lab = {
  title: 'Planted by a test',
  source: { text: 'A text', section: '1' },
  symbols: ['number'],
  variants: [VARIANT],
};

export const hasCompiler = missingTools(LAB).length === 0;

/** The lab with its sources in a directory of their own. */
export function located(lab: Lab): LocatedLab {
  const sources = mkdtempSync(join(tmpdir(), 'solder-planted-'));
  for (const [name, text] of Object.entries(SOURCES)) writeFileSync(join(sources, name), `${text}\n`);
  return { name: 'planted/lab', sources, lab };
}

/** Runs the true lab with another run, another variant or other parts of its own. */
export function runWith(change: {
  run?: Partial<LabRun>;
  variant?: Partial<LabVariant>;
  lab?: Partial<Lab>;
}) {
  const variant: LabVariant = { ...VARIANT, runs: [{ ...RUN, ...change.run }], ...change.variant };
  return runLab(located({ ...LAB, variants: [variant], ...change.lab }));
}

export const disagreeing = ({ variants }: LabFacts): LabRow[] =>
  variants.flatMap(({ rows }) => rows.filter(({ agrees }) => !agrees));
