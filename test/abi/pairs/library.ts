import { c, type Pair, prints, type Side } from './pair.ts';

const ONE = 'int one(void) { return 1; }\n';
const TWO = 'int two(void) { return 2; }\n';
const calls = prints('c', 'int one(void);', 'one()');
const linked = (...options: readonly string[]): Side => ({ source: ONE, options });

/** What surrounds the symbols: soname, dependencies, protection. */
export const LIBRARY_PAIRS: readonly Pair[] = [
  c('incompatible', 'soname changed without cause', {
    old: ONE,
    new: { source: ONE, soname: 'libt.so.2' },
    kinds: ['abi.soname'],
    program: calls(1, /libt.so.1: cannot open shared object file/),
  }),
  c('incompatible', 'soname changed as it must', {
    old: ONE + TWO,
    new: { source: ONE, soname: 'libt.so.2' },
    kinds: ['abi.function-removed', 'abi.soname'],
    program: calls(1, /libt.so.1: cannot open shared object file/),
  }),
  c('incompatible', 'soname lost', { old: ONE, new: { source: ONE, soname: false }, kinds: ['abi.soname'] }),
  c('identical', 'soname is the file name that was asked for', {
    old: { source: ONE, soname: false },
    new: ONE,
    program: calls(1, 1),
  }),
  c('identical', 'first soname, another name', {
    old: { source: ONE, soname: false },
    new: { source: ONE, soname: 'libt.so.9' },
    kinds: ['abi.soname'],
  }),
  c('identical', 'needs another library', {
    old: ONE,
    new: linked('-lm'),
    kinds: ['abi.dependency'],
    program: calls(1, 1),
  }),
  c('identical', 'no longer needs a library', {
    old: linked('-lm'),
    new: ONE,
    kinds: ['abi.dependency'],
    program: calls(1, 1),
  }),
  c('identical', 'got a run path', {
    old: ONE,
    new: linked('-Wl,-rpath,/opt/one/lib', '-Wl,--enable-new-dtags'),
    kinds: ['abi.dependency'],
  }),
  c('identical', 'run path became RPATH', {
    old: linked('-Wl,-rpath,/opt/one/lib', '-Wl,--enable-new-dtags'),
    new: linked('-Wl,-rpath,/opt/one/lib', '-Wl,--disable-new-dtags'),
    kinds: ['abi.dependency', 'abi.dependency'],
  }),
  c('identical', 'full RELRO became partial', {
    old: linked('-Wl,-z,relro,-z,now'),
    new: linked('-Wl,-z,relro,-z,lazy'),
    kinds: ['abi.hardening'],
    program: calls(1, 1),
  }),
  c('identical', 'RELRO gone', {
    old: linked('-Wl,-z,relro'),
    new: linked('-Wl,-z,norelro'),
    kinds: ['abi.hardening'],
  }),
  c('identical', 'stronger hardening', {
    old: linked('-Wl,-z,norelro,-z,execstack'),
    new: linked('-Wl,-z,relro,-z,now'),
  }),
  c('identical', 'executable stack', { old: ONE, new: linked('-Wl,-z,execstack'), kinds: ['abi.hardening'] }),
  c('identical', 'text relocations', {
    old: 'extern int one; int *where(void) { return &one; } int one;',
    new: {
      source: 'extern int one; int *where(void) { return &one; } int one;',
      options: ['-fno-pic', '-mcmodel=large', '-Wl,-z,notext'],
    },
    kinds: ['abi.hardening'],
  }),
  c('identical', 'static thread-local storage', {
    old: 'static __thread int t;\nint one(void) { return ++t; }',
    new: {
      source: 'static __thread int t;\nint one(void) { return ++t; }',
      options: ['-ftls-model=initial-exec'],
    },
    // The call of __tls_get_addr is gone, and with it the need of ld.so.
    kinds: ['abi.static-tls', 'abi.dependency'],
    program: calls(1, 1),
  }),
  c('identical', 'needs a newer C library', {
    old: `int puts(const char *);\n${ONE}static void say(void) { puts("x"); } void (*p)(void) = say;`,
    new: `unsigned arc4random(void);\n${ONE}static void say(void) { arc4random(); } void (*p)(void) = say;`,
    kinds: ['abi.glibc-floor'],
    program: calls(1, 1),
  }),
  c('identical', 'binds its references to itself', {
    old: ONE,
    new: linked('-Wl,-Bsymbolic'),
    kinds: ['abi.linkage'],
  }),
];
