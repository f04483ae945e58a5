export * from './bind.ts';
export * from './cache.ts';
export * from './check-versions.ts';
export * from './environment.ts';
export * from './explain.ts';
export * from './load-map.ts';
export type { Match, Query, Scope } from './lookup.ts';
export * from './search-path.ts';
