import { resolve } from 'node:path';
import type { LabFacts, LabsFacts } from '../../analyses/labs/lab-facts.ts';
import { packageRoot } from '../../host/package-root.ts';
import { writeJson } from '../../report/json.ts';
import { renderLabs } from '../../report/lab-text.ts';
import { renderTable } from '../../report/table.ts';
import { labNames, loadLab } from '../../run/labs/find-labs.ts';
import { type LocatedLab, runLab, sourceText } from '../../run/labs/run-lab.ts';
import { text } from '../common-flags.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { runReport } from '../run-report.ts';
import { didYouMean } from '../suggest.ts';

interface Flags {
  readonly list: boolean;
  readonly keep?: string;
}

/** What a lab may be called: in full, by its last part, or with its whole area. */
const callsOf = (lab: string): string[] => [lab, ...lab.split('/').toReversed()];

function chooseLabs(all: readonly string[], wanted: readonly string[]): readonly string[] {
  if (wanted.length === 0) return all;
  const chosen = wanted.flatMap((word) => {
    const name = word.replace(/\/+$/, '');
    const found = all.filter((lab) => callsOf(lab).includes(name));
    if (found.length > 0) return found;
    const hint = didYouMean(name, [...new Set(all.flatMap(callsOf))]) || '; solder lab --list shows them';
    throw new UsageError(`no lab is called '${word}'${hint}`);
  });
  return all.filter((lab) => chosen.includes(lab));
}

async function openLab(root: URL, name: string): Promise<LocatedLab> {
  const lab = await loadLab(root, name);
  if (lab === undefined) throw new UsageError(`labs/${name} is not built yet: run 'npm run build'`);
  return lab;
}

function writeList({ format, output, style }: Context, labs: readonly LocatedLab[]): void {
  const rows = labs.map(({ name, lab }) => ({ name, title: lab.title, source: sourceText(lab) }));
  if (format === 'json') {
    writeJson(rows, (chunk) => output.write(chunk));
    return;
  }
  const cells = rows.map(({ name, title }) => [name, title]);
  output.write(renderTable([{ title: 'LAB' }, { title: 'CLAIM' }], cells, style));
}

async function runLabs(context: Context, labs: readonly LocatedLab[], keep: string | undefined) {
  const total = labs.reduce((sum, { lab }) => sum + lab.variants.length, 0);
  const progress = await context.progress('experiments', total);
  const results: LabFacts[] = [];
  let done = 0;
  for (const located of labs) {
    const onVariant = ({ name }: { name: string }) => progress.update(done++, `${located.name} ${name}`);
    results.push(await runLab(located, keep === undefined ? { onVariant } : { onVariant, keep }));
  }
  progress.stop();
  return results;
}

export const command = defineCommand<Flags, string[]>({
  description: `Puts claims about shared libraries to the test: builds small C and C++ programs
with the compiler of this machine ($CC, $CXX), derives from the files alone what
will happen, runs them, and prints predicted beside observed: the conflicts, the
output, and for every name in question the definition that solder says it gets
beside the one in the dynamic loader's own trace. Exit status 1 when one differs.

Without NAME all labs run. A NAME is AREA/NAME, NAME or a whole AREA. A lab whose
tools are not installed is skipped.`,
  examples: [
    { command: 'solder lab', does: 'Run every experiment' },
    { command: 'solder lab --list', does: 'Show their names and what they claim' },
    {
      command: 'solder lab --keep play variable-override',
      does: 'Run one and leave what was built in play/',
    },
  ],
  formats: ['text', 'json'],
  flags: {
    list: { kind: 'boolean', default: false, withNegated: false, brief: 'Only list the labs' },
    keep: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'DIR',
      brief: 'Build in DIR/AREA/NAME/VARIANT and leave it there',
    },
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'NAME',
      brief: 'A lab or an area; default all',
      parse: text,
      proposeCompletions: () => labNames(packageRoot()),
    },
  },
  async run(context, flags, ...targets) {
    const root = packageRoot();
    const labs = await Promise.all(chooseLabs(labNames(root), targets).map((name) => openLab(root, name)));
    if (flags.list) {
      writeList(context, labs);
      return EXIT.success;
    }
    const keep = flags.keep === undefined ? undefined : resolve(flags.keep);
    const results = await runLabs(context, labs, keep);
    const status = await runReport<LabsFacts>(
      context,
      { all: false },
      () => ({ targets, facts: { labs: results }, findings: [], diagnostics: [], looksFor: [] }),
      { text: ({ facts }, write, style) => write(renderLabs(facts, style)) },
    );
    const failed = results.some((lab) => lab.status === 'failed');
    return status === EXIT.success && failed ? EXIT.findings : status;
  },
});
