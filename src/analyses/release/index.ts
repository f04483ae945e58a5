export * from './check-release.ts';
export * from './farm-facts.ts';
export * from './library-directory.ts';
export * from './library-name.ts';
export * from './plan-links.ts';
