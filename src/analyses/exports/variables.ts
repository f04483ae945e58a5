import { describe, parse } from '../../demangle/index.ts';
import type { Finding } from '../../model/index.ts';
import { type ExportedSymbol, isMangled } from './exported-symbols.ts';
import { counted, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/** Exported variables: their size becomes part of every program that refers to them (copy relocations). */
export function variableFindings({ own, name, path, isProgram, isSystem }: ExportingObject): Finding[] {
  if (isProgram || isSystem) return [];
  const byName = new Map(own.filter(isVariable).map((symbol) => [symbol.name, symbol]));
  if (byName.size === 0) return [];
  const variables = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    {
      kind: 'exports.variable',
      severity: 'note',
      message: `${name} exports ${counted(variables.length, 'variable')}: ${shortList(variables.map((symbol) => symbol.name))}`,
      subject: name,
      object: path,
      evidence: variables.map(({ name, size, kind }) => ({
        text: `${name} (${size} bytes${kind === 'thread-local' ? ', one a thread' : ''})`,
      })),
      fix: 'hide them, and offer functions that read and write them',
    },
  ];
}

/** Virtual tables, typeinfo and guards are data too, but nobody wrote them as variables. */
function isVariable({ kind, name, weak }: ExportedSymbol): boolean {
  if (kind === 'function') return false;
  if (!isMangled(name)) return true;
  if (weak) return false;
  const parsed = parse(name);
  return 'ast' in parsed && describe(parsed.ast).role === 'variable';
}
