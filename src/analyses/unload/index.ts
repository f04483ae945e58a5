export { analyseUnload, type UnloadAnalysis, type UnloadQuestion } from './analyse-unload.ts';
export { bareProgram } from './bare-process.ts';
export { deriveLibc } from './derive-libc.ts';
export { type Fate, fateOf } from './fate.ts';
export { type DerivedLibc, LIBC_RULES, LIBCS, type Libc } from './libc.ts';
export { importedNames, type PluginCode, readPluginCode } from './plugin-code.ts';
export * from './unload-facts.ts';
