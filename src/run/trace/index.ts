export { CATEGORIES, type Category, DEFAULT_CATEGORIES } from './categories.ts';
export { programFinder } from './find-program.ts';
export { logsIn, readLog, sourceOf } from './log-file.ts';
export { liveProcess } from './process-facts.ts';
export { runTraced } from './run-traced.ts';
export { findTraceable } from './traceable.ts';
export { unusedDependencies } from './unused.ts';
