import { c, type Pair, prints } from './pair.ts';

const ONE = 'int one(void) { return 1; }\n';
const TWO = 'int two(void) { return 2; }\n';
const V1 = 'V1 { global: one; two; level; local: *; };';
const calls = prints('c', 'int one(void);', 'one()');

/** Two implementations of one function under two versions; the sign says which are the default. */
const versioned = (...of: readonly string[]): string =>
  of
    .map(
      (version, at) =>
        `int impl${at}(void) { return ${at + 1}; }\n__asm__(".symver impl${at},one${version}");\n`,
    )
    .join('');

/** Exports that get, change or lose a version. */
export const VERSION_PAIRS: readonly Pair[] = [
  c('compatible', 'got a version', {
    old: ONE,
    new: { source: ONE, map: V1 },
    kinds: ['abi.default-version'],
    program: calls(1, 1),
  }),
  c('compatible', 'got a version that is not the oldest', {
    old: ONE,
    new: { source: ONE + TWO, map: 'V1 { global: two; local: *; }; V2 { global: one; } V1;' },
    kinds: ['abi.default-version', 'abi.added'],
    program: calls(1, 1),
  }),
  c('incompatible', 'lost all versions, has a version table', {
    old: {
      source: `int puts(const char *);\n${ONE}void say(void) { puts("x"); }`,
      map: 'V1 { global: one; say; local: *; };',
    },
    new: `int puts(const char *);\n${ONE}void say(void) { puts("x"); }`,
    kinds: ['abi.version-removed'],
    program: calls(1, 1, /no version information available/),
  }),
  c('incompatible', 'lost all versions, has no version table', {
    old: { source: ONE, map: V1 },
    new: { source: ONE, options: ['-nostdlib'] },
    kinds: ['abi.version-removed', 'abi.dependency'],
    program: calls(1, /Inconsistency detected by ld.so/),
  }),
  c('incompatible', 'node renamed', {
    old: { source: ONE, map: V1 },
    new: { source: ONE, map: V1.replace('V1', 'V2') },
    kinds: ['abi.version-removed'],
    program: calls(1, /version `V1' not found/),
  }),
  c('incompatible', 'moved to another node, the old one is still there', {
    old: { source: ONE + TWO, map: V1 },
    new: { source: ONE + TWO, map: 'V1 { global: two; local: *; }; V2 { global: one; } V1;' },
    kinds: ['abi.version-moved'],
    program: calls(1, /undefined symbol: one, version V1/),
  }),
  c('compatible', 'moved out of its node, which is still there', {
    old: { source: ONE + TWO, map: V1 },
    new: { source: ONE + TWO, map: 'V1 { global: two; };' },
    kinds: ['abi.default-version'],
    program: calls(1, 1),
  }),
  c('compatible', 'new default version, the old one kept', {
    old: { source: ONE, map: 'V1 { global: one; local: *; };' },
    new: { source: versioned('@V1', '@@V2'), map: 'V1 { global: one; local: *; }; V2 { } V1;' },
    kinds: ['abi.default-version'],
    program: calls(1, 1),
  }),
  c('incompatible', 'removed from a node that stays', {
    old: { source: ONE + TWO, map: V1 },
    new: { source: TWO, map: V1 },
    kinds: ['abi.function-removed'],
    program: calls(1, /undefined symbol: one, version V1/),
  }),
  c('compatible', 'new node with a new function', {
    old: { source: ONE, map: V1 },
    new: { source: `${ONE}int three(void) { return 3; }`, map: `${V1} V2 { global: three; } V1;` },
    kinds: ['abi.added'],
    program: calls(1, 1),
  }),
  c('compatible', 'a further hidden version', {
    old: { source: ONE, map: 'V1 { global: one; local: *; };' },
    new: { source: versioned('@@V1', '@V2'), map: 'V1 { global: one; local: *; }; V2 { } V1;' },
    kinds: ['abi.added'],
    program: calls(1, 1),
  }),
  c('identical', 'no longer the default: programs run, none can be linked', {
    old: { source: versioned('@@V1'), map: V1 },
    new: { source: versioned('@V1'), map: V1 },
    kinds: ['abi.default-version'],
    program: calls(1, 1),
  }),
  c('compatible', 'unversioned references get the oldest version', {
    old: ONE,
    new: { source: versioned('@V1', '@@V2'), map: 'V1 { global: one; local: *; }; V2 { } V1;' },
    kinds: ['abi.default-version'],
    program: calls(1, 1),
  }),
  c('incompatible', 'unversioned references do not get newer hidden versions', {
    old: ONE,
    new: {
      source: `${TWO}${versioned('@V2', '@V3')}`,
      map: 'V1 { global: two; local: *; }; V2 { } V1; V3 { } V2;',
    },
    kinds: ['abi.version-moved', 'abi.added', 'abi.added'],
    program: calls(1, /undefined symbol: one/),
  }),
  c('identical', 'node without symbols removed', {
    old: { source: ONE, map: 'V1 { global: one; local: *; }; MARK { };' },
    new: { source: ONE, map: V1 },
    kinds: ['abi.version-removed'],
    program: calls(1, 1),
  }),
  c('compatible', 'array grew under a version of its own', {
    old: { source: 'int level[1] = {4};', map: V1 },
    new: {
      source:
        'int l1[1] = {4};\nint l2[2] = {5, 6};\n__asm__(".symver l1,level@V1");\n__asm__(".symver l2,level@@V2");',
      map: 'V1 { global: level; local: *; }; V2 { } V1;',
    },
    kinds: ['abi.default-version'],
    program: prints('c', 'extern int level[1];', 'level[0]')(4, 4),
  }),
  c('identical', 'node lost its parent', {
    old: { source: ONE + TWO, map: 'V1 { global: two; local: *; }; V2 { global: one; } V1;' },
    new: { source: ONE + TWO, map: 'V1 { global: two; local: *; }; V2 { global: one; };' },
    program: calls(1, 1),
  }),
  c('incompatible', 'every node renamed, and the soname with them', {
    old: { source: ONE + TWO, map: V1 },
    new: { source: ONE + TWO, map: V1.replace('V1', 'V2'), soname: 'libt.so.2' },
    kinds: ['abi.version-removed', 'abi.soname'],
    program: calls(1, /cannot open shared object file/),
  }),
];
