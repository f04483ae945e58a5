import type { TraceEvent } from '../../../src/analyses/trace/index.ts';

const A = { path: '/lib/liba.so', namespace: 0 };
const B = { path: '/opt/my [odd] dir/libb.so', namespace: 2 };

/** What an event says besides the process number. */
type Said = TraceEvent extends infer Event ? (Event extends unknown ? Omit<Event, 'pid'> : never) : never;

/** Every message of glibc 2.17 to 2.42 in each of its spellings, and the event that it stands for. */
export const MESSAGES: readonly (readonly [string, Said])[] = [
  ['find library=liba.so [0]; searching', { kind: 'search', library: 'liba.so', namespace: 0 }],
  [
    ' search path=/usr/lib:/opt/a b\t\t(RUNPATH from file ./app)',
    { kind: 'search-path', directories: ['/usr/lib', '/opt/a b'], source: 'RUNPATH', of: './app' },
  ],
  [
    ' search path=tls/x86_64:tls\t\t(LD_LIBRARY_PATH)',
    { kind: 'search-path', directories: ['tls/x86_64', 'tls'], source: 'LD_LIBRARY_PATH', of: undefined },
  ],
  [
    ' search path=\t\t(system search path)',
    { kind: 'search-path', directories: [], source: 'system search path', of: undefined },
  ],
  [' search cache=/etc/ld.so.cache', { kind: 'search-cache', cache: '/etc/ld.so.cache' }],
  ['  trying file=/lib/liba.so', { kind: 'try', path: '/lib/liba.so' }],
  [
    'load auxiliary object=libx.so requested by file=./app',
    { kind: 'filter', library: 'libx.so', by: './app' },
  ],
  [
    'load filtered object=libx.so requested by file=./app',
    { kind: 'filter', library: 'libx.so', by: './app' },
  ],
  [
    "cannot load auxiliary `$FOO/libx.so' because of empty dynamic string token substitution",
    { kind: 'filter-skipped', library: '$FOO/libx.so' },
  ],
  [
    'file=liba.so [0];  needed by /opt/my [odd] dir/libb.so [2]',
    { kind: 'need', library: 'liba.so', namespace: 0, by: B },
  ],
  [
    'file=liba.so [1];  dynamically loaded by /lib/liba.so [0]',
    { kind: 'dlopen-request', library: 'liba.so', namespace: 1, by: A },
  ],
  ['file=liba.so [0];  generating link map', { kind: 'map', library: 'liba.so', namespace: 0 }],
  [
    '  dynamic: 0x00007f064acf6b60  base: 0x00007f064ab24000   size: 0x00000000001e1f50',
    { kind: 'placed', dynamic: '0x00007f064acf6b60', base: '0x00007f064ab24000', size: '0x00000000001e1f50' },
  ],
  [
    '  dynamic: 0xf7f3d000  base: 0xf7d50000   size: 0x001f3cbc',
    { kind: 'placed', dynamic: '0xf7f3d000', base: '0xf7d50000', size: '0x001f3cbc' },
  ],
  [
    '    entry: 0x00007f064ab4b410  phdr: 0x00007f064ab24040  phnum:                 14',
    { kind: 'headers', entry: '0x00007f064ab4b410', phdr: '0x00007f064ab24040', phnum: 14 },
  ],
  ['opening file=/lib/liba.so [0]; direct_opencount=3', { kind: 'dlopen', object: A, count: 3 }],
  ['opening file= [0]; direct_opencount=2', { kind: 'dlopen', object: { path: '', namespace: 0 }, count: 2 }],
  ['closing file=/lib/liba.so; direct_opencount=1', { kind: 'dlclose', object: '/lib/liba.so', count: 1 }],
  ['file=/opt/my [odd] dir/libb.so [2];  destroying link map', { kind: 'unload', object: B }],
  [
    'marking /lib/liba.so [0] as NODELETE',
    { kind: 'nodelete', object: A, state: 'marked', reason: undefined },
  ],
  [
    'marking /lib/liba.so [0] as NODELETE due to unique symbol',
    { kind: 'nodelete', object: A, state: 'marked', reason: 'unique symbol' },
  ],
  [
    'marking /lib/liba.so [0] as NODELETE due to reference from main program',
    { kind: 'nodelete', object: A, state: 'marked', reason: 'reference from main program' },
  ],
  [
    'marking /lib/liba.so [0] as NODELETE due to reference from ./p.so [0]',
    { kind: 'nodelete', object: A, state: 'marked', reason: 'reference from ./p.so [0]' },
  ],
  [
    'marking /lib/liba.so [0] as NODELETE due to memory allocation failure',
    { kind: 'nodelete', object: A, state: 'marked', reason: 'memory allocation failure' },
  ],
  [
    'activating NODELETE for /lib/liba.so [0]',
    { kind: 'nodelete', object: A, state: 'active', reason: undefined },
  ],
  [
    'file=/lib/liba.so [0]; audit interface function la_version returned zero; ignored.',
    { kind: 'audit-ignored', object: A },
  ],
  [
    "checking for version `GLIBC_2.3' in file /lib/liba.so [0] required by file /opt/my [odd] dir/libb.so [2]",
    { kind: 'version', version: 'GLIBC_2.3', file: A, by: B },
  ],
  ['Initial object scopes', { kind: 'scopes' }],
  ['object=/lib/liba.so [0]', { kind: 'scope-of', object: A }],
  [
    ' scope 0: app /lib/liba.so /opt/my dir/x.so linux-vdso.so.1',
    { kind: 'scope', index: 0, objects: ['app', '/lib/liba.so', '/opt/my', 'dir/x.so', 'linux-vdso.so.1'] },
  ],
  [
    ' scope 12: ./my program /lib/a b.so',
    { kind: 'scope', index: 12, objects: ['./my program', '/lib/a b.so'] },
  ],
  [' no scope', { kind: 'no-scope' }],
  ['add /lib/liba.so [0] to global scope', { kind: 'global', object: A }],
  ['relocation processing: /lib/liba.so (lazy)', { kind: 'relocate', object: '/lib/liba.so', isLazy: true }],
  ['relocation processing: /lib/liba.so', { kind: 'relocate', object: '/lib/liba.so', isLazy: false }],
  ['conflict processing: ./app', { kind: 'conflicts', object: './app' }],
  ['prelink checking: ./app', { kind: 'prelink-check', object: './app' }],
  ['symbol=malloc;  lookup in file=/lib/liba.so [0]', { kind: 'lookup', symbol: 'malloc', file: A }],
  [
    "binding file /lib/liba.so [0] to /opt/my [odd] dir/libb.so [2]: normal symbol `malloc' [GLIBC_2.2.5]",
    { kind: 'bind', from: A, to: B, symbol: 'malloc', version: 'GLIBC_2.2.5', binding: 'normal' },
  ],
  [
    "binding file /lib/liba.so [0] to /lib/liba.so [0]: protected symbol `f'",
    { kind: 'bind', from: A, to: A, symbol: 'f', version: undefined, binding: 'protected' },
  ],
  [
    'file=/lib/liba.so [0];  needed by /opt/my [odd] dir/libb.so [2] (relocation dependency)',
    { kind: 'relocation-dependency', object: A, by: B },
  ],
  ['calling preinit: ./app', { kind: 'preinit', object: './app' }],
  ['calling init: /lib/liba.so', { kind: 'init', object: '/lib/liba.so' }],
  ['calling fini: /lib/liba.so [0]', { kind: 'fini', object: A }],
  ['calling fini:  [0]', { kind: 'fini', object: { path: '', namespace: 0 } }],
  ['initialize program: ./app', { kind: 'initialize', program: './app' }],
  ['transferring control: ./app', { kind: 'transfer', program: './app' }],
  ['runtime linker statistics:', { kind: 'statistics' }],
  [
    '  total startup time in dynamic loader: 112821 cycles',
    statistic('total startup time in dynamic loader', 112821, 'cycles'),
  ],
  [
    '  total startup time in dynamic loader: 1828577 clock cycles',
    statistic('total startup time in dynamic loader', 1828577, 'cycles'),
  ],
  [
    '            time needed for relocation: 15849 cycles (14.0%)',
    statistic('time needed for relocation', 15849, 'cycles', 14),
  ],
  [
    '\t    time needed for relocation: 809667 clock cycles (44.2%)',
    statistic('time needed for relocation', 809667, 'cycles', 44.2),
  ],
  [
    '           time needed to load objects: 8439663 cycles (.4%)',
    statistic('time needed to load objects', 8439663, 'cycles', 0.4),
  ],
  ['                 number of relocations: 87', statistic('number of relocations', 87)],
  ['      number of relocations from cache: 7', statistic('number of relocations from cache', 7)],
  ['        number of relative relocations: 16', statistic('number of relative relocations', 16)],
  ['           final number of relocations: 88', statistic('final number of relocations', 88)],
  ['final number of relocations from cache: 7', statistic('final number of relocations from cache', 7)],
  [
    './app: error: symbol lookup error: undefined symbol: f, version V1 (fatal)',
    {
      kind: 'error',
      object: './app',
      occasion: 'symbol lookup error',
      message: 'undefined symbol: f, version V1',
      isFatal: true,
    },
  ],
  [
    "libx.so: error: version lookup error: version `V2' not found (continued)",
    {
      kind: 'error',
      object: 'libx.so',
      occasion: 'version lookup error',
      message: "version `V2' not found",
      isFatal: false,
    },
  ],
  [
    ': error: find library: no such file (continued)',
    { kind: 'error', object: '', occasion: 'find library', message: 'no such file', isFatal: false },
  ],
  [
    'WARNING: Unsupported flag value(s) of 0x8000000 in DT_FLAGS_1.',
    { kind: 'notice', text: 'WARNING: Unsupported flag value(s) of 0x8000000 in DT_FLAGS_1.' },
  ],
  [
    "ERROR: audit interface './a.so' requires version 3 (maximum supported version 2); ignored.",
    {
      kind: 'notice',
      text: "ERROR: audit interface './a.so' requires version 3 (maximum supported version 2); ignored.",
    },
  ],
];

function statistic(name: string, value: number, unit?: 'cycles', percent?: number): Said {
  return { kind: 'statistic', name, value, unit, percent };
}
