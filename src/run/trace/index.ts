export { CATEGORIES, type Category, DEFAULT_CATEGORIES } from './categories.ts';
export { programFinder } from './find-program.ts';
export { logDirectory } from './log-directory.ts';
export { type EventListener, logsIn, readLog } from './log-file.ts';
export { liveProcess } from './process-facts.ts';
export { runTraced } from './run-traced.ts';
export { findTraceable } from './traceable.ts';
export { unusedDependencies } from './unused.ts';
