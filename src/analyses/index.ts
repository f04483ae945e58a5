export * from './abi/index.ts';
export * from './analyse-process.ts';
export * from './bind-facts.ts';
export * from './conflicts/conflict-facts.ts';
export * from './conflicts/conflict-findings.ts';
export * from './conflicts/conflict-kind.ts';
export * from './conflicts/find-conflicts.ts';
export * from './conflicts/judge-conflict.ts';
export * from './deps-facts.ts';
export * from './diagnosis/index.ts';
export { declaredNames } from './exports/declared-names.ts';
export { type ExportRules, exportFindings } from './exports/export-findings.ts';
export type { LinkUse } from './exports/link-use.ts';
export { THIRD_PARTIES } from './exports/third-party.ts';
export * from './guard/index.ts';
export * from './load/load-findings.ts';
export * from './load/missing-libraries.ts';
export { isUndefined } from './load/undefined-symbols.ts';
export * from './release/index.ts';
export {
  analyseSoak,
  type Observation,
  type ResourceFacts,
  type SoakFacts,
  type SoakVerdict,
} from './soak/index.ts';
export * from './symbol-text.ts';
export * from './unload/index.ts';
