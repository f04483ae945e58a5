import type { ExportedSymbol } from './library-exports.ts';

/** Code units, so that the order is the same on every machine. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Symbols by name, and those of one name by version: look-ups by prefix rely on it. Cheap for what is in order. */
export const inOrder = (symbols: ExportedSymbol[]): ExportedSymbol[] =>
  symbols.sort((a, b) => byText(a.name, b.name) || byText(a.version ?? '', b.version ?? ''));
