export { adviseGuard, type GuardAdvice, lostText } from './advise-guard.ts';
export * from './guard-facts.ts';
export { judgeCure } from './judge-cure.ts';
