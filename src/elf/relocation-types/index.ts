export { type LookupClass, lookupClass } from './lookup-class.ts';
export { relocationClass, relocationTypeName } from './machines.ts';
export type { RelocationClass } from './relocation-class.ts';
export { type ThreadStorage, threadStorage } from './thread-storage.ts';
