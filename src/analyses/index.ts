export * from './analyse-process.ts';
export * from './conflicts/conflict-findings.ts';
export * from './conflicts/conflict-kind.ts';
export * from './conflicts/find-conflicts.ts';
export * from './conflicts/judge-conflict.ts';
export * from './load/undefined-symbols.ts';
export * from './symbol-text.ts';
