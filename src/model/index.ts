export * from './finding-kinds.ts';
export * from './report.ts';
