export * from './find-lines.ts';
export * from './line-header.ts';
export * from './line-program.ts';
export * from './line-sections.ts';
