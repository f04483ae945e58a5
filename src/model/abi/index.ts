export * from './change.ts';
export * from './library-exports.ts';
export * from './library-version.ts';
export * from './read-exports.ts';
export * from './snapshot.ts';
export * from './verdict.ts';
