export type { TraceEvent } from './event.ts';
export { type EventFilter, eventFilter } from './event-filter.ts';
export { Timeline } from './timeline.ts';
export type * from './trace-facts.ts';
export { type LogKind, TraceReader } from './trace-reader.ts';
export type { PredictionBasis } from './verify/image-verifier.ts';
export { LogVerifier, type ProgramFinder } from './verify/verify-log.ts';
