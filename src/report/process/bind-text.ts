import type { BindFacts, CandidateFacts, LookupFacts, ProcessBindings } from '../../analyses/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';
import { renderTable } from '../table.ts';

/** Bindings by referring object, or the look-ups of one symbol with all its candidates. */
export function writeBind(
  { roots }: BindFacts,
  write: (text: string) => void,
  style: Style,
  show: ShowNames,
): void {
  for (const root of roots) {
    write(`${style.bold(printable(root.path))}\n`);
    if ('bindings' in root) writeBindings(root, write, style, show);
    else writeLookups(root.lookups, write, style, show);
  }
}

function writeBindings(
  { bindings }: ProcessBindings,
  write: (text: string) => void,
  style: Style,
  show: ShowNames,
): void {
  for (const [from, list] of Map.groupBy(bindings, (binding) => binding.from)) {
    write(`\n${style.bold(`from ${printable(from)}`)} ${style.dim(`(${list.length} look-ups)`)}\n`);
    const rows = list.map(({ symbol, version, to, kind }) => [
      show(symbol),
      version ?? '-',
      `${to ?? style.dim('nothing (weak)')}${kind === 'protected' ? ' (protected)' : ''}`,
    ]);
    write(renderTable([{ title: 'SYMBOL' }, { title: 'VERSION' }, { title: 'GETS' }], rows, style));
  }
}

/** Look-ups that went the same way stand together: a symbol may be asked for by fifty objects. */
function writeLookups(
  lookups: readonly LookupFacts[],
  write: (text: string) => void,
  style: Style,
  show: ShowNames,
): void {
  if (lookups.length === 0) write('  no object of this process refers to the symbol\n');
  const alike = Map.groupBy(lookups, ({ version, to, candidates }) =>
    JSON.stringify([version, to, candidates]),
  );
  for (const group of alike.values()) {
    const { symbol, version, to, candidates } = group[0]!;
    const what = `${printable(show(symbol))}${version === undefined ? '' : `@${printable(version)}`}`;
    write(`\n  ${style.bold(what)}\n`);
    if (to === null) write(`    ${style.red('nobody defines it')}\n`);
    for (const candidate of candidates) write(`    ${candidateLine(candidate, style)}\n`);
    const from = [...new Set(group.map((lookup) => lookup.from))].map(printable);
    write(`    ${style.dim(`for ${from.join(', ')}`)}\n`);
  }
}

function candidateLine({ object, version, outcome, reason }: CandidateFacts, style: Style): string {
  const where = `${printable(object)}${version === '' ? '' : ` ${printable(version)}`}`;
  if (outcome === 'wins') return `${style.green('wins   ')} ${where}`;
  if (outcome === 'loses') return `${style.yellow('loses  ')} ${where}`;
  return `${style.dim('refused')} ${where} ${style.dim(`(${reason})`)}`;
}
