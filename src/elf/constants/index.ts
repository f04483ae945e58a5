export * from './dynamic.ts';
export * from './header.ts';
export * from './names.ts';
export * from './notes.ts';
export * from './sections.ts';
export * from './segments.ts';
export * from './symbols.ts';
