import { c, type Pair, prints } from './pair.ts';

const calls = (name: string) => prints('c', `int ${name}(void);`, `${name}()`);
const undefinedSymbol = (name: string) => new RegExp(`undefined symbol: ${name}`);

const ONE = 'int one(void) { return 1; }\n';

/** Exports of C: what appears, vanishes, or becomes something else. */
export const SYMBOL_PAIRS: readonly Pair[] = [
  c('identical', 'nothing changed', { old: ONE, new: ONE, program: calls('one')(1, 1) }),
  c('identical', 'another body', {
    old: ONE,
    new: 'static int helper(int a) { return a * a; }\nint one(void) { return helper(1); }\n',
    program: calls('one')(1, 1),
  }),
  c('compatible', 'function added', {
    old: ONE,
    new: `${ONE}int two(void) { return 2; }`,
    kinds: ['abi.added'],
    program: calls('one')(1, 1),
  }),
  c('compatible', 'variable added', { old: ONE, new: `${ONE}int level = 3;`, kinds: ['abi.added'] }),
  c('incompatible', 'function removed', {
    old: `${ONE}int two(void) { return 2; }`,
    new: ONE,
    kinds: ['abi.function-removed'],
    program: calls('two')(2, undefinedSymbol('two')),
  }),
  c('incompatible', 'variable removed', {
    old: `${ONE}int level = 3;`,
    new: ONE,
    kinds: ['abi.variable-removed'],
    program: prints('c', 'extern int level;', 'level')(3, undefinedSymbol('level')),
  }),
  c('incompatible', 'function hidden', {
    old: ONE,
    new: '__attribute__((visibility("hidden"))) int one(void) { return 1; }\nint use(void) { return one(); }',
    kinds: ['abi.function-removed', 'abi.added'],
    program: calls('one')(1, undefinedSymbol('one')),
  }),
  c('incompatible', 'function became static', {
    old: ONE,
    new: 'static int one(void) { return 1; }\nint use(void) { return one(); }',
    kinds: ['abi.function-removed', 'abi.added'],
    program: calls('one')(1, undefinedSymbol('one')),
  }),
  c('incompatible', 'function renamed', {
    old: ONE,
    new: 'int first(void) { return 1; }',
    kinds: ['abi.function-removed', 'abi.added'],
    program: calls('one')(1, undefinedSymbol('one')),
  }),
  c('forbidden', 'array grew', {
    old: 'int table[2] = {1, 2};\nint last(void) { return table[1]; }',
    new: 'int table[4] = {1, 2, 3, 4};\nint last(void) { return table[3]; }',
    kinds: ['abi.variable-size'],
    program: prints('c', 'extern int table[2]; int last(void);\n', 'table[0] + last()')(
      3,
      1,
      /different size/,
    ),
  }),
  c('forbidden', 'array shrank', {
    old: 'int table[4] = {1, 2, 3, 4};',
    new: 'int table[2] = {1, 2};',
    kinds: ['abi.variable-size'],
    program: prints('c', 'extern int table[4];', 'table[3]')(4, 0),
  }),
  c('forbidden', 'structure behind a variable grew', {
    old: 'struct state { int a; } state = {1};\nint get(void) { return state.a; }',
    new: 'struct state { int b; int a; } state = {2, 1};\nint get(void) { return state.a; }',
    kinds: ['abi.variable-size'],
    program: prints('c', 'extern struct { int a; } state;', 'state.a')(1, 2, /different size/),
  }),
  c('forbidden', 'function became a variable', {
    old: ONE,
    new: 'int one = 1;',
    kinds: ['abi.kind-changed'],
    program: calls('one')(1, 'crashes'),
  }),
  c('forbidden', 'variable became a function', {
    old: 'int one = 1;',
    new: '__attribute__((naked)) int one(void) { __asm__(".byte 0xb8,7,0,0,0,0xc3"); }',
    kinds: ['abi.kind-changed'],
    program: prints('c', 'extern int one;', 'one & 255')(1, 0xb8),
  }),
  c('forbidden', 'variable became thread-local', {
    old: 'int level = 5;',
    new: '__thread int level = 5;',
    kinds: ['abi.kind-changed'],
    program: prints('c', 'extern int level;', 'level == 5')(1, 0),
  }),
  c('forbidden', 'thread-local variable became an ordinary one', {
    old: '__thread int level = 5;',
    new: 'int level = 5;',
    kinds: ['abi.kind-changed'],
    program: prints('c', 'extern __thread int level;', 'level')(5, 'crashes'),
  }),
  c('forbidden', 'thread-local array grew', {
    old: '__thread int t[2] = {1, 2};',
    new: '__thread int t[4] = {3, 4, 1, 2};',
    kinds: ['abi.variable-size'],
    program: prints('c', 'extern __thread int t[2];', 't[1]')(2, 4),
  }),
  c('compatible', 'weak became global', {
    old: `__attribute__((weak)) ${ONE}`,
    new: ONE,
    kinds: ['abi.linkage'],
    program: calls('one')(1, 1),
  }),
  c('compatible', 'global became weak', {
    old: ONE,
    new: `__attribute__((weak)) ${ONE}`,
    kinds: ['abi.linkage'],
    program: calls('one')(1, 1),
  }),
  c('compatible', 'function is chosen at start now', {
    old: ONE,
    new: 'static int f(void) { return 1; }\nstatic void *pick(void) { return f; }\nint one(void) __attribute__((ifunc("pick")));',
    kinds: ['abi.linkage'],
    program: calls('one')(1, 1),
  }),
  c('compatible', 'function is no longer chosen at start', {
    old: 'static int f(void) { return 1; }\nstatic void *pick(void) { return f; }\nint one(void) __attribute__((ifunc("pick")));',
    new: ONE,
    kinds: ['abi.linkage'],
    program: {
      ...calls('one')(1, 1),
      source:
        'int printf(const char *, ...); int one(void); int (*p)(void) = one;\nint main(void) { printf("%d\\n", p()); return 0; }',
      options: ['-fno-pic', '-no-pie'],
    },
  }),
  c('incompatible', 'variable became protected', {
    old: 'int level = 1;\nvoid raise(void) { level = 7; }',
    new: '__attribute__((visibility("protected"))) int level = 1;\nvoid raise(void) { level = 7; }',
    kinds: ['abi.visibility'],
    program: prints('c', 'extern int level; void raise(void);', '(raise(), level)')(
      7,
      1,
      /copy relocation against non-copyable protected/,
    ),
  }),
  c('identical', 'function became protected', {
    old: ONE,
    new: `__attribute__((visibility("protected"))) ${ONE}`,
    kinds: ['abi.visibility'],
    program: calls('one')(1, 1),
  }),
  c('identical', 'function is no longer protected', {
    old: `__attribute__((visibility("protected"))) ${ONE}`,
    new: ONE,
    kinds: ['abi.visibility'],
    program: calls('one')(1, 1),
  }),
  c('identical', 'constant became writable', {
    old: 'const int level = 4;',
    new: 'int level = 4;',
    program: prints('c', 'extern const int level;', 'level')(4, 4),
  }),
  c('compatible', 'symbol of an assembler got its type', {
    old: '__asm__(".globl one\\n.text\\none: mov $1,%eax\\nret\\n");',
    new: ONE,
    kinds: ['abi.linkage'],
    program: calls('one')(1, 1),
  }),
  c('identical', 'object of an assembler got its size', {
    old: '__asm__(".globl level\\n.type level,@object\\n.data\\nlevel: .long 4\\n");',
    new: 'int level = 4;',
    kinds: ['abi.variable-size'],
  }),
  c('identical', 'a parameter of C: names do not tell', {
    old: 'int half(int a) { return a / 2; }',
    new: 'int half(double a) { return (int)(a / 2); }',
    program: prints('c', 'int half(int);', 'half(8) == 4')(1, 0),
  }),
];
