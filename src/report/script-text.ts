import { type ScriptFacts, type ScriptSymbol, versionedName } from '../analyses/script/script-facts.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import type { ShowNames } from './symbol-names.ts';
import { renderTable } from './table.ts';
import { count } from './text.ts';

const WHY: Readonly<Record<ScriptSymbol['reason'], string>> = {
  pattern: '',
  'no-pattern': 'no pattern',
  symver: 'its own version',
  duplicate: 'it has a version elsewhere',
  clash: 'its version is taken',
  visibility: 'its object hides it',
};

/** The nodes, and which pattern takes which symbol. Nothing for scripts alone. */
export function renderScriptTest(
  { linker, nodes, symbols, refused }: ScriptFacts,
  style: Style,
  showNames: ShowNames,
): string {
  const exported = symbols.filter((symbol) => symbol.exported);
  const summary = `ld.${linker}${refused ? style.red(' would refuse to link; without that') : ''}: `;
  const counts = `${count(symbols.length, 'definition')}, ${exported.length} exported, ${symbols.length - exported.length} hidden`;
  const perNode = nodes.map(({ name, parents }) => {
    const own = exported.filter(({ version }) => version === name).length;
    const inherits = parents.length === 0 ? '' : ` (inherits ${parents.join(', ')})`;
    return name === '' ? '' : `  ${printable(name)}: ${count(own, 'symbol')}${printable(inherits)}\n`;
  });
  return `${summary}${counts}\n${perNode.join('')}${symbolTable(symbols, style, showNames)}`;
}

function symbolTable(symbols: readonly ScriptSymbol[], style: Style, showNames: ShowNames): string {
  if (symbols.length === 0) return '';
  const columns = [
    { title: 'SYMBOL' },
    { title: 'EXPORTED AS' },
    { title: 'BY' },
    { title: 'AT', paint: style.dim },
  ];
  const rows = sortedSymbols(symbols).map(({ name, exported, version, isDefault, reason, pattern }) => [
    showNames(name),
    exported ? versionedName('', version, isDefault) || 'no version' : '-',
    pattern === undefined
      ? WHY[reason]
      : `${pattern.scope} ${pattern.text}${pattern.node === '' ? '' : ` of ${pattern.node}`}`,
    pattern?.place ?? '',
  ]);
  return `\n${renderTable(columns, rows, style)}`;
}

/** By name, then by object: the order of every output. */
export function sortedSymbols(symbols: readonly ScriptSymbol[]): ScriptSymbol[] {
  return symbols.toSorted((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.object < b.object ? -1 : 1,
  );
}
