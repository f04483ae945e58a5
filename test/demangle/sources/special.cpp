// compile: g++ -std=c++20 -O2 -c; clang++ -std=c++20 -c; g++ -std=c++20 -fgnu-tm -c
// Virtual tables, thunks, typeinfo, guards, thread-local wrappers, reference temporaries, clones.
#include <typeinfo>
int compute(int);
struct A { virtual ~A(); virtual A *self(); int a; };
struct B { virtual ~B(); virtual B *self(); virtual void only(); int b; };
struct V : virtual A { V(); ~V() override; V *self() override; };
struct D : A, B { ~D() override; D *self() override; void only() override; };
struct W : virtual B, V { W(); ~W() override; W *self() override; void only() override; };
template <typename T> struct Holder { virtual void run(T) {} static thread_local T slot; static T shared; };
template <typename T> thread_local T Holder<T>::slot = compute(1);
template <typename T> T Holder<T>::shared = compute(2);
A::~A() {} A *A::self() { return this; }
B::~B() {} B *B::self() { return this; } void B::only() {}
V::V() {} V::~V() {} V *V::self() { return this; }
D::~D() {} D *D::self() { return this; } void D::only() {}
W::W() {} W::~W() {} W *W::self() { return this; } void W::only() {}
const int &extended = compute(3);
struct Text { Text(const char *); ~Text(); };
template <typename T> struct Referring { static inline const Text &text = "text"; };
const Text &referred() { return Referring<int>::text; }
thread_local int perThread = compute(4);
namespace space { thread_local A perThread; inline int once = compute(5); }
__attribute__((noinline)) static int cold(int value, int *unused) { if (__builtin_expect(value > 100, 0)) throw value; return value * 2; }
int use(const A &a) {
  static A local;
  Holder<int> holder;
  holder.run(1);
  return cold(perThread, nullptr) + Holder<int>::slot + Holder<int>::shared + space::perThread.a + local.a +
         (typeid(a) == typeid(int (*)(char))) + space::once + extended;
}
