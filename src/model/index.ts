export * from './abi/index.ts';
export * from './dynamic-object.ts';
export * from './finding-kinds.ts';
export * from './make-report.ts';
export * from './process.ts';
export * from './report.ts';
export * from './suppressions.ts';
