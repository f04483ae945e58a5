/** The words of LD_DEBUG (ld.so(8)) that make ld.so say something and go on. */
export const CATEGORIES = [
  'libs',
  'files',
  'symbols',
  'bindings',
  'versions',
  'reloc',
  'scopes',
  'statistics',
  'unused',
  'all',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** All but the look-ups that come to nothing, which are nine lines in ten. */
export const DEFAULT_CATEGORIES: readonly Category[] = [
  'libs',
  'files',
  'versions',
  'scopes',
  'reloc',
  'bindings',
  'statistics',
];
