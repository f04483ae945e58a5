/** Scripts that were chosen for a rule each; several texts are several `--version-script` options. */
export interface LinkCase {
  readonly name: string;
  readonly scripts: readonly string[];
}

const one = (text: string): LinkCase => ({ name: text.replaceAll('\n', '⏎'), scripts: [text] });

/** `foo bar baz foo_x global local extern wk` and C++ names, `hid` hidden, `prot` protected. */
export const PLAIN_SET = `.text
.globl foo, bar, baz, foo_x, global, local, extern, hid, prot, _Z3fooi, _Z3barIiEvT_, _ZN1N1fESs, _ZN1N1gERKSt6vectorIiSaIiEE
.hidden hid
.protected prot
foo: bar: baz: foo_x: global: local: extern: hid: prot: nop
_Z3fooi: _Z3barIiEvT_: _ZN1N1fESs: _ZN1N1gERKSt6vectorIiSaIiEE: call undefined@PLT
.weak wk
wk: nop
.globl data
.bss
data: .zero 4
.comm common,4,4
`;

/** `foo@V1`, `foo@@V2`, `bar@V1`, and `plain`. */
export const VERSIONED_SET = `.text
.globl q1, q2, q3, plain
q1: q2: q3: plain: nop
.symver q1, foo@V1
.symver q2, foo@@V2
.symver q3, bar@V1
`;

/** The same name with a version and without: for two things, or for one. */
export const TWICE_SET = `.text
.globl foo, q1, other
foo: nop
q1: nop
other: nop
.symver q1, foo@V1
`;

export const ONCE_SET = `.text
.globl foo, other
foo: nop
other: nop
.symver foo, foo@V1
`;

const nodes = (...lines: string[]) => one(lines.join('\n'));

export const SYNTAX: readonly LinkCase[] = [
  '',
  '# nothing',
  '{};',
  'V1 { };',
  '{ local: *; };',
  'V1 { global: local: *; };',
  'V1 { local: *; global: foo; };',
  'V1 { local: *; foo; };',
  'V1 { foo; local: *; };',
  'V1 { foo; };',
  'V1 { global: foo; global: bar; local: *; };',
  'V1 { global: foo; local: b*; local: *; };',
  'V1 { global: foo bar; local: *; };',
  'V1 { global: foo; local: * };',
  'V1 { global: foo; local: *; }',
  'V1 {global:foo;local:*;};',
  'V1 {global :foo;local :*;};',
  'V1 { global : foo; local : *; };',
  'V1 { global:"foo"; local: *; };',
  '{ global: foo; local: *; };\n{ global: bar; };',
  '{ global: foo; local: *; }; V1 { bar; };',
  'V1 { global: foo; local: *; }; { bar; };',
  'V1 { foo; }; V1 { bar; };',
  'V1 { foo; }; V2 { bar; } V0;',
  'V2 { bar; } V1; V1 { foo; };',
  'V1 { foo; } V1;',
  'V1 { foo; }; V2 { bar; }; V3 { baz; } V1 V2;',
  'V1 { foo; }; V2 { bar; } V1, V1;',
  'V1 { global: foo;; local: *; };',
  'V1 { global: foo; local: *; } ; ;',
  'V1 { global: foo: bar; local: *; };',
  'V1 { global: "foo\nbar"; local: *; };',
  'V1 { global: ""; local: *; };',
  'V1 { global: foo:: ; local: *; };',
  'V1 { global: ::foo; local: *; };',
  'V1 { global: foo@V1; local: *; };',
  'V1 { global: foo(int); local: *; };',
  'V1 { global; foo; };',
  'V1 { foo; extern; };',
  'V1 { foo; global; local; };',
  'V$ { foo; };',
  'V::1 { foo; };',
  '.V1 { foo; };',
  'global { foo; };',
  'foo { global: foo; local: *; };',
  'VERSION { V1 { foo; }; }',
  '/* c */ V1 { # x\n global: foo; # y\n local: /* z */ *; }; # end',
  'V1 { global: foo; local: *; }; /* open',
  'V1 { global: foo*/* x */; local: *; };',
  'V1 { global: foo; // c\n local: *; };',
].map(one);

/** ld.bfd leaves out a character that it does not know, with a warning, and goes on with the rest. */
export const INVALID_CHARACTERS: readonly LinkCase[] = [
  'V1 { global: "foo; local: *; };',
  'V1 { global: 1foo; local: *; };',
  '1V { foo; };',
  '"V1" { foo; };',
  'V-1 { foo; };',
].map(one);

export const LANGUAGES: readonly LinkCase[] = [
  'V1 { global: extern "C" { foo; bar }; local: *; };',
  'V1 { global: extern "C" { foo; bar; }; baz; extern "C" { wk; }; local: *; };',
  'V1 { global: extern C { foo; }; local: *; };',
  'V1 { global: extern "C" { }; local: *; };',
  'V1 { global: extern "c++" { "foo(int)"; }; local: *; };',
  'V1 { global: extern "Java" { foo; }; local: *; };',
  'V1 { global: extern "Ada" { foo; }; local: *; };',
  'V1 { global: extern "C++" { foo*; "bar(int)"; "void bar<int>(int)"; N::*; }; local: *; };',
  'V1 { global: extern "C++" { "foo(int)"; foo; "N::f(std::string)"; "wk"; }; local: *; };',
  'V1 { global: extern "C++" { "N::f(std::basic_string<char, std::char_traits<char>, std::allocator<char> >)"; }; local: *; };',
  'V1 { global: extern "C++" { "N::g(std::vector<int, std::allocator<int> > const&)"; }; local: *; };',
  'V1 { global: extern "C++" { N::g*vector*; }; local: *; };',
  'V1 { global: extern "C" { foo; extern "C++" { foo*; }; bar; }; baz; local: *; };',
  'V1 { global: extern "C++" { *; }; local: b*; };',
  'V1 { global: extern "C++" { "*"; "foo*"; }; local: *; };',
  'V1 { global: extern "C++" { foo*; }; local: extern "C" { foo*; }; };',
  'V1 { global: extern "C++" { "foo(int)"; }; local: _Z3fooi; };',
  'V1 { local: _Z3fooi; }; V2 { global: extern "C++" { "foo(int)"; }; };',
  'V1 { global: extern "C++" { extern; global; }; local: *; };',
  'V1 { global: foo; local: extern "C" { b*; }; *; };',
].map(one);

export const PRECEDENCE: readonly LinkCase[] = [
  'V1 { foo; }; V2 { global: foo; local: *; } V1;',
  'V1 { foo; }; V2 { global: bar; local: foo; };',
  'V1 { local: foo; }; V2 { foo; };',
  'V1 { global: foo; local: foo; };',
  '{ global: foo; local: foo; };',
  'V1 { global: f*; local: f*; };',
  'V1 { f*; }; V2 { local: f*; };',
  'V1 { global: *; local: *; };',
  '{ global: *; local: *; };',
  'V1 { *; }; V2 { local: *; };',
  'V1 { local: *; }; V2 { *; };',
  'V1 { *; }; V2 { *; };',
  'V1 { local: *; }; V2 { global: foo; local: *; };',
  'V1 { global: foo; foo; local: *; };',
  'V1 { global: foo; foo*; local: foo_x; foo*; *; };',
  'V1 { global: foo*; local: foo_*; };',
  'V1 { global: foo_*; local: foo*; };',
  'V1 { local: f*; }; V2 { global: fo*; };',
  'V1 { f*; }; V2 { local: fo*; };',
  'V1 { f*; }; V2 { global: fo*; local: *; } V1;',
  'V1 { *; }; V2 { local: fo*; };',
  'V1 { **; }; V2 { local: fo*; };',
  'V1 { foo; }; V2 { global: bar; local: *; } V1; V3 { global: baz; local: *; } V2;',
  'V1 { hid; prot; };',
  'V1 { global: data; common; undefined; local: *; };',
].map(one);

export const GLOBS: readonly LinkCase[] = [
  'V1 { global: "*"; local: "b*"; };',
  'V1 { global: "foo"; "b*"; local: *; };',
  'V1 { global: f[o]o; b?r; ba[!r]; local: *; };',
  'V1 { global: f[o]o; ba[^r]; local: *; };',
  'V1 { global: f\\oo; b\\*; local: *; };',
  'V1 { global: f\\oo*; b\\a?; local: *; };',
  'V1 { global: foo\\\\; local: *; };',
  'V1 { global: [; local: *; };',
  'V1 { global: f[o; local: *; };',
  'V1 { global: ?oo; local: *; };',
  'V1 { global: [f]oo; local: *; };',
  'V1 { global: !oo; local: *; };',
  'V1 { global: -a; local: *; };',
  'V1 { global: ]a; local: *; };',
  'V1 { global: [a-c]ar; local: *; };',
  'V1 { global: [z-a]oo; local: *; };',
  'V1 { global: b[]a]r; [^]a]oo; local: *; };',
  'V1 { global: b[a-]r; b[-a]z; local: *; };',
  'V1 { global: b[\\a]r; local: *; };',
  'V1 { global: foo**; b**r; local: *; };',
  'V1 { global: *o**; local: *; };',
  'V1 { global: *a*; *_*x; local: *; };',
  'V1 { global: *?o; ???; local: *; };',
].map(one);

export const SEVERAL: readonly LinkCase[] = [
  { name: 'two files', scripts: ['V1 { global: foo; local: *; };', 'V2 { bar; } V1;'] },
  { name: 'two files, parent later', scripts: ['V2 { global: foo; local: *; } V1;', 'V1 { bar; };'] },
  { name: 'named, then anonymous', scripts: ['V1 { global: foo; local: *; };', '{ bar; };'] },
  { name: 'anonymous, then named', scripts: ['{ global: foo; local: *; };', 'V1 { bar; };'] },
  { name: 'two anonymous', scripts: ['{ global: foo; local: *; };', '{ bar; };'] },
];

export const VERSIONED: readonly LinkCase[] = [
  nodes('V1 { foo; };', 'V2 { global: foo; local: *; };'),
  nodes('V1 { local: *; };', 'V2 { plain; };'),
  nodes('V1 { global: foo; local: *; };', 'V2 { local: foo; };'),
  nodes('V1 { global: f*; local: *; };', 'V2 { local: fo*; };'),
  nodes('V1 { };', 'V2 { local: *; };'),
  nodes('V1 { local: foo; };', 'V2 { local: *; };'),
  nodes('V1 { local: b*; };', 'V2 { };'),
  nodes('V1 { local: bar; };', 'V2 { bar; };'),
  one('V1 { };'),
  one('{ local: *; };'),
  one('{ local: foo; bar; };'),
  nodes('V1 { };', 'V2 { };'),
];

export const TWICE: readonly LinkCase[] = [
  one('V1 { other; };'),
  nodes('V1 { other; };', 'V2 { foo; };'),
  one('V1 { foo; };'),
  one('V1 { global: other; local: *; };'),
  one('V1 { global: f*; local: *; };'),
];
