export * from './cursor.ts';
export * from './format-error.ts';
export * from './leb128.ts';
export * from './source.ts';
