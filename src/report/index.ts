export * from './demangle-text.ts';
export * from './json.ts';
export * from './printable.ts';
export * from './style.ts';
export * from './symbol-names.ts';
export * from './table.ts';
export * from './text.ts';
export * from './tree.ts';
