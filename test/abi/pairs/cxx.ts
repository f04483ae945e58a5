import { cxx, type Pair, prints } from './pair.ts';

/** A class with one method; `method` is its definition's head, from the class's name on. */
const box = (declaration: string, definition: string) =>
  `struct Box { Box(); int v; ${declaration} };\nBox::Box() : v(1) {}\n${definition}\n`;

const CONST = box('int get(int) const;', 'int Box::get(int a) const { return v + a; }');
const PLAIN = box('int get(int);', 'int Box::get(int a) { return v + a; }');
const BARE = box('', '');
const uses = (declaration: string, expression: string) =>
  prints('c++', `struct Box { Box(); int v; ${declaration} };`, expression);

const SHAPE = (virtuals: string) =>
  `struct Shape { ${virtuals} int id; Shape(); };\nShape::Shape() : id(7) {}\n`;
const area = 'int Shape::area() { return 1; }\n';
const drawn = 'int Shape::draw() { return 2; }\n';
/** Calls through a table of the library: what the program takes for area is whatever stands there. */
const MAKE = 'Shape *make() { static Shape s; return &s; }\n';
const viaTable = (virtuals: string) =>
  prints('c++', `struct Shape { ${virtuals} int id; Shape(); }; Shape *make();`, 'make()->area()');

/** Two bases; the second one stands where the first one ends. */
const bases = (first: string) =>
  `struct A { ${first} virtual int a(); A(); };\nstruct B { virtual int b(); B(); };\nstruct C : A, B { int b() override; C(); };\n` +
  'int A::a() { return 1; }\nA::A() {}\nint B::b() { return 2; }\nB::B() {}\nint C::b() { return 3; }\nC::C() {}\n';

/** Somebody else's template, as a header of the standard library would bring it. */
const STD = 'namespace std { template <class T> struct box { T v; T get() { return v; } }; }\n';
const OWN =
  'template <class T> struct Cell { T v; T get(); };\ntemplate <class T> T Cell<T>::get() { return v; }\n';
const INLINE = 'inline int twice(int a) { return 2 * a; }\n';

/** Exports of C++: what mangled names, virtual tables and typeinfo tell. */
export const CXX_PAIRS: readonly Pair[] = [
  cxx('incompatible', 'method became const', {
    old: PLAIN,
    new: CONST,
    kinds: ['abi.signature-changed'],
    program: uses('int get(int);', 'Box().get(2)')(3, /undefined symbol: _ZN3Box3getEi/),
  }),
  cxx('incompatible', 'method is no longer const', {
    old: CONST,
    new: PLAIN,
    kinds: ['abi.signature-changed'],
    program: uses('int get(int) const;', 'Box().get(2)')(3, /undefined symbol: _ZNK3Box3getEi/),
  }),
  cxx('incompatible', 'another parameter list', {
    old: PLAIN,
    new: box('int get(long, int);', 'int Box::get(long a, int b) { return v + a + b; }'),
    kinds: ['abi.signature-changed'],
  }),
  cxx('incompatible', 'two overloads, both changed', {
    old: `${PLAIN}int f(int) { return 1; }\nint f(char) { return 2; }`,
    new: `${PLAIN}int f(long) { return 1; }\nint f(short) { return 2; }`,
    kinds: ['abi.signature-changed', 'abi.signature-changed'],
  }),
  cxx('compatible', 'overload added', {
    old: PLAIN,
    new: box(
      'int get(int); int get(long);',
      'int Box::get(int a) { return v + a; }\nint Box::get(long) { return 9; }',
    ),
    kinds: ['abi.added'],
    program: uses('int get(int);', 'Box().get(2)')(3, 3),
  }),
  cxx('incompatible', 'method removed', {
    old: PLAIN,
    new: BARE,
    kinds: ['abi.function-removed'],
    program: uses('int get(int);', 'Box().get(2)')(3, /undefined symbol: _ZN3Box3getEi/),
  }),
  cxx('incompatible', 'class removed', {
    old: `${PLAIN}int other() { return 1; }`,
    new: 'int other() { return 1; }',
    kinds: ['abi.class-removed'],
    program: uses('int get(int);', 'Box().get(2)')(3, /undefined symbol: _ZN3Box/),
  }),
  cxx('incompatible', 'class of a namespace removed, with a nested one and its tables', {
    old: 'namespace ns { struct Shape { virtual ~Shape(); struct Part { Part(); }; }; Shape::~Shape() {} Shape::Part::Part() {} }\nint other() { return 1; }',
    new: 'int other() { return 1; }',
    kinds: ['abi.class-removed'],
  }),
  cxx('incompatible', 'constructor removed: its variants are one change', {
    old: PLAIN,
    new: 'struct Box { int v; int get(int); };\nint Box::get(int a) { return v + a; }',
    kinds: ['abi.function-removed'],
    program: uses('int get(int);', 'Box().get(2)')(3, /undefined symbol: _ZN3BoxC1Ev/),
  }),
  cxx('compatible', 'class added', {
    old: 'int other() { return 1; }',
    new: `${BARE}int other() { return 1; }`,
    kinds: ['abi.added'],
  }),
  cxx('forbidden', 'virtual function inserted', {
    old: SHAPE('virtual int area();') + area + MAKE,
    new: SHAPE('virtual int draw(); virtual int area();') + drawn + area + MAKE,
    kinds: ['abi.class-layout', 'abi.added'],
    program: viaTable('virtual int area();')(1, 2),
  }),
  cxx('forbidden', 'virtual function appended', {
    old: SHAPE('virtual int area();') + area,
    new: SHAPE('virtual int area(); virtual int draw();') + area + drawn,
    kinds: ['abi.class-layout', 'abi.added'],
  }),
  cxx('forbidden', 'virtual function removed', {
    old: SHAPE('virtual int draw(); virtual int area();') + drawn + area + MAKE,
    new: SHAPE('virtual int area();') + area + MAKE,
    kinds: ['abi.class-layout', 'abi.function-removed'],
    program: viaTable('virtual int draw(); virtual int area();')(1, 'crashes'),
  }),
  cxx('identical', 'virtual functions changed places: sizes do not tell', {
    old: SHAPE('virtual int draw(); virtual int area();') + drawn + area + MAKE,
    new: SHAPE('virtual int area(); virtual int draw();') + drawn + area + MAKE,
    program: viaTable('virtual int draw(); virtual int area();')(1, 2),
  }),
  cxx('forbidden', 'got virtual functions', {
    old: 'struct P { int x; P(); int get(); };\nP::P() : x(5) {}\nint P::get() { return x; }',
    new: 'struct P { int x; P(); virtual int get(); };\nP::P() : x(5) {}\nint P::get() { return x; }',
    kinds: ['abi.class-layout'],
    program: prints('c++', 'struct P { int x; P(); int get(); char room[64]; };', 'P().x == 5')(1, 0),
  }),
  cxx('forbidden', 'lost its virtual functions', {
    old: 'struct P { int x; P(); virtual int get(); };\nP::P() : x(5) {}\nint P::get() { return x; }',
    new: 'struct P { int x; P(); int get(); };\nP::P() : x(5) {}\nint P::get() { return x; }',
    kinds: ['abi.class-layout'],
    program: prints('c++', 'struct P { P(); virtual int get(); int x; };', '({ static P p; p.x; })')(5, 0),
  }),
  cxx('forbidden', 'destructor became virtual', {
    old: 'struct P { int x; P(); ~P(); };\nP::P() : x(5) {}\nP::~P() {}',
    new: 'struct P { int x; P(); virtual ~P(); };\nP::P() : x(5) {}\nP::~P() {}',
    kinds: ['abi.class-layout'],
    program: prints('c++', 'struct P { int x; P(); ~P(); char room[64]; };', 'P().x == 5')(1, 0),
  }),
  cxx('forbidden', 'got a base class', {
    old: SHAPE('virtual int area();') + area,
    new: `struct Root {};\n${SHAPE('virtual int area();').replace('struct Shape', 'struct Shape : Root')}${area}`,
    kinds: ['abi.class-layout', 'abi.added', 'abi.added'],
  }),
  cxx('forbidden', 'first base grew: the second one moved', {
    old: bases(''),
    new: bases('long more;'),
    kinds: ['abi.class-layout'],
    program: prints(
      'c++',
      'struct A { virtual int a(); A(); };\nstruct B { virtual int b(); B(); };\nstruct C : A, B { int b() override; C(); char room[64]; };',
      '({ C c; B *p = &c; p->b(); })',
    )(3, 'crashes'),
  }),
  cxx('forbidden', 'base became virtual', {
    old: 'struct R { virtual int r(); R(); };\nint R::r() { return 1; }\nR::R() {}\nstruct D : R { int r() override; D(); };\nint D::r() { return 2; }\nD::D() {}',
    new: 'struct R { virtual int r(); R(); };\nint R::r() { return 1; }\nR::R() {}\nstruct D : virtual R { int r() override; D(); };\nint D::r() { return 2; }\nD::D() {}',
    kinds: ['abi.class-layout', 'abi.added', 'abi.added'],
  }),
  cxx('forbidden', 'static member grew', {
    old: 'struct S { static int table[2]; };\nint S::table[2] = {1, 2};',
    new: 'struct S { static int table[4]; };\nint S::table[4] = {3, 4, 5, 6};',
    kinds: ['abi.variable-size'],
    program: prints('c++', 'struct S { static int table[2]; };', 'S::table[0]')(1, 3, /different size/),
  }),
  cxx('incompatible', 'static member removed', {
    old: 'struct S { static int v; };\nint S::v = 1;',
    new: 'int other() { return 1; }',
    kinds: ['abi.variable-removed', 'abi.added'],
    program: prints('c++', 'struct S { static int v; };', 'S::v')(1, /undefined symbol: _ZN1S1vE/),
  }),
  cxx('incompatible', 'tables hidden, the class stays', {
    old: 'struct P { int x; P(); virtual ~P(); };\nP::P() : x(5) {}\nP::~P() {}',
    new: {
      source: 'struct P { int x; P(); virtual ~P(); };\nP::P() : x(5) {}\nP::~P() {}',
      map: '{ local: _ZTV1P; _ZTI1P; _ZTS1P; };',
    },
    kinds: ['abi.variable-removed', 'abi.variable-removed', 'abi.variable-removed'],
  }),
  cxx('identical', "another's template is no longer instantiated", {
    old: `${STD}int one() { std::box<int> b{1}; return b.get(); }`,
    new: 'int one() { return 1; }',
    kinds: ['abi.instantiation'],
    program: prints('c++', `int one();\n${STD}`, '({ std::box<int> b{1}; one() + b.get(); })')(2, 2),
  }),
  cxx('identical', "another's template is instantiated now", {
    old: 'int one() { return 1; }',
    new: `${STD}int one() { std::box<int> b{1}; return b.get(); }`,
    kinds: ['abi.instantiation'],
    program: prints('c++', 'int one();', 'one()')(1, 1),
  }),
  cxx('incompatible', 'own template is no longer instantiated', {
    old: `${OWN}template struct Cell<int>;\nint one() { return 1; }`,
    new: 'int one() { return 1; }',
    kinds: ['abi.function-removed'],
    program: prints(
      'c++',
      'template <class T> struct Cell { T v; T get(); };',
      '({ Cell<int> c{4}; c.get(); })',
    )(4, /undefined symbol: _ZN4CellIiE3getEv/),
  }),
  cxx('incompatible', 'own inline function is gone: nobody can tell who has a copy', {
    old: `${INLINE}int one() { return twice(1); }`,
    new: 'int one() { return 2; }',
    kinds: ['abi.function-removed'],
    program: prints('c++', `int one();\n${INLINE}`, 'one() + twice(1)')(4, 4),
  }),
  cxx('incompatible', 'ABI tag', {
    old: 'int make(int) { return 1; }',
    new: '__attribute__((abi_tag("cxx11"))) int make(int) { return 1; }',
    kinds: ['abi.signature-changed'],
    program: prints('c++', 'int make(int);', 'make(0)')(1, /undefined symbol: _Z4makei/),
  }),
  cxx('incompatible', 'moved to another namespace', {
    old: 'namespace a { int f() { return 1; } }',
    new: 'namespace b { int f() { return 1; } }',
    kinds: ['abi.function-removed', 'abi.added'],
    program: prints('c++', 'namespace a { int f(); }', 'a::f()')(1, /undefined symbol: _ZN1a1fEv/),
  }),
  cxx('incompatible', 'operator takes something else', {
    old: 'struct N { int v; };\nint operator+(N a, int b) { return a.v + b; }',
    new: 'struct N { int v; };\nint operator+(N a, long b) { return a.v + b; }',
    kinds: ['abi.signature-changed'],
    program: prints(
      'c++',
      'struct N { int v; };\nint operator+(N, int);',
      '({ N n{1}; n + 2; })',
    )(3, /undefined symbol/),
  }),
  cxx('incompatible', 'template function returns something else', {
    old: 'template <class T> T id(T a) { return a; }\ntemplate int id<int>(int);',
    new: 'template <class T> long id(T a) { return a; }\ntemplate long id<int>(int);',
    kinds: ['abi.signature-changed'],
  }),
  cxx('identical', 'return type: names do not tell', {
    old: 'long big() { return 1; }',
    new: 'double big() { return 2; }',
    program: prints('c++', 'long big();', 'big() == 1')(1, 0),
  }),
  cxx('identical', 'noexcept is no part of a name', {
    old: 'int f() { return 1; }',
    new: 'int f() noexcept { return 1; }',
  }),
  cxx('identical', 'variable became inline: it is unique now', {
    old: 'int shared = 1;\nint get() { return shared; }',
    new: 'inline int shared = 1;\nint get() { return shared; }',
    kinds: ['abi.linkage'],
    program: prints('c++', 'extern int shared; int get();', 'shared + get()')(2, 2),
  }),
  cxx('incompatible', 'thread-local variable with an initialiser removed', {
    old: 'int init();\nint init() { return 3; }\nthread_local int level = init();',
    new: 'int init() { return 3; }',
    // The call of __tls_get_addr is gone, and with it the need of ld.so.
    kinds: ['abi.variable-removed', 'abi.function-removed', 'abi.dependency'],
    program: prints('c++', 'extern thread_local int level;', 'level')(3, /undefined symbol: level/),
  }),
  cxx('incompatible', 'constructor takes something else', {
    old: BARE,
    new: 'struct Box { Box(int); int v; };\nBox::Box(int a) : v(a) {}',
    kinds: ['abi.signature-changed'],
    program: uses('', 'Box().v')(1, /undefined symbol: _ZN3BoxC1Ev/),
  }),
];
