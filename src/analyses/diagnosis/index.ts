export { diagnoseOpen } from './diagnose-open.ts';
export { diagnoseSymbol, type SymbolDiagnosis } from './diagnose-symbol.ts';
export type { DiagnosisFiles, PathState } from './diagnosis-files.ts';
export type { Cause, LoaderMessage } from './messages/cause.ts';
export { readMessage } from './messages/read-message.ts';
export { type DeathInfo, type NamedObject, type OpenDiagnosis, simulatedOpen } from './open-diagnosis.ts';
