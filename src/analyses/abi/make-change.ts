import {
  breaks,
  type Change,
  type ExportedSymbol,
  exportName,
  FINDING_KINDS,
  type SymbolPair,
} from '../../model/index.ts';

type Draft = Omit<Change, 'severity' | 'symbols'> & Partial<Pick<Change, 'severity' | 'symbols'>>;

/** A change whose severity follows from its effect, or else is that of its kind. */
export function makeChange(draft: Draft): Change {
  const severity = breaks(draft.effect) ? 'error' : FINDING_KINDS[draft.kind].severity;
  return { severity, symbols: [], ...draft };
}

export const gone = (old: ExportedSymbol): SymbolPair => ({ old });
export const come = (symbol: ExportedSymbol): SymbolPair => ({ new: symbol });

/** `1 export`, `3 exports`. */
export const counted = (number: number, noun: string): string =>
  `${number} ${noun}${number === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;

/** Data as opposed to code: what has a size that a program may have copied. */
export const isData = ({ kind }: ExportedSymbol): boolean =>
  kind === 'OBJECT' || kind === 'COMMON' || kind === 'TLS';

/** The name with its version, for one; the number, for several. */
export function namesOf(symbols: readonly ExportedSymbol[]): string {
  return symbols.length === 1 ? exportName(symbols[0]!) : counted(symbols.length, 'export');
}
