export * from './file-source.ts';
export * from './ld-cache.ts';
export * from './load-context.ts';
export * from './loader-settings.ts';
export * from './sysroot.ts';
export * from './system-error.ts';
export * from './targets.ts';
