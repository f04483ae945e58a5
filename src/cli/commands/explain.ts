import { readFileSync } from 'node:fs';
import { packageRoot } from '../../host/package-root.ts';
import { FINDING_KINDS, type FindingKind } from '../../model/index.ts';
import { writeJson } from '../../report/json.ts';
import type { Style } from '../../report/style.ts';
import { renderTable } from '../../report/table.ts';
import { text } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from '../exit-status.ts';
import { didYouMean } from '../suggest.ts';

const KINDS = Object.keys(FINDING_KINDS) as FindingKind[];

function findKind(name: string): FindingKind {
  const kind = KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  const hint = didYouMean(name, KINDS) || '; solder explain lists them';
  throw new UsageError(`no kind of finding is called '${name}'${hint}`);
}

function readPage(kind: FindingKind): string {
  return readFileSync(new URL(`docs/findings/${kind}.md`, packageRoot()), 'utf8');
}

function renderList(style: Style): string {
  const rows = KINDS.map((kind) => [kind, FINDING_KINDS[kind].severity, FINDING_KINDS[kind].title]);
  const table = renderTable([{ title: 'KIND' }, { title: 'SEVERITY' }, { title: 'TITLE' }], rows, style);
  return `${table}\nsolder explain KIND tells what one means and how to mend it.\n`;
}

/** The page as it is written, with its headings in bold. */
function renderPage(page: string, style: Style): string {
  return page.replace(/^#+ .*$/gm, (heading) => style.bold(heading));
}

export const command = defineCommand<Record<never, never>, [kind?: string]>({
  description: `Lists the kinds of findings that solder reports, or explains one of them: what it
means, why it matters, an example to reproduce it, how to mend it and how to
suppress it.`,
  examples: [
    { command: 'solder explain', does: 'List all kinds with their severities' },
    { command: 'solder explain conflict.variable', does: 'Explain one kind' },
  ],
  formats: ['text', 'json'],
  flags: {},
  positional: {
    kind: 'tuple',
    parameters: [
      {
        placeholder: 'KIND',
        brief: 'A kind of finding, as reports name it',
        parse: text,
        proposeCompletions: () => KINDS,
        optional: true,
      },
    ],
  },
  run({ format, output, style }, _flags, name) {
    const kind = name === undefined ? undefined : findKind(name);
    if (format === 'json') {
      const describe = (key: FindingKind) => ({ kind: key, ...FINDING_KINDS[key] });
      const result = kind === undefined ? KINDS.map(describe) : { ...describe(kind), page: readPage(kind) };
      writeJson(result, (chunk) => output.write(chunk));
    } else {
      output.write(kind === undefined ? renderList(style) : renderPage(readPage(kind), style));
    }
    return EXIT.success;
  },
});
