// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Closures in the initializers of members of templates and in default arguments, unnamed types as values,
// operators called as members, values of types with few literals.
template <typename T> struct Holder {
  int member = [](auto first) { return [](auto second) { return (int)second; }(first); }(1);
  static inline auto stored = [](auto... all) { return sizeof...(all); };
  int method(int value, long other = [](auto inner) { return inner; }(2L)) { return value + other; }
  operator int() { return [] { return 3; }(); }
};
struct Number { Number operator+(Number); int operator[](int); Number *operator->(); operator int *(); };
template <typename T> auto added(T t) -> decltype(t.operator+(t)) { return t; }
template <typename T> auto indexed(T t) -> decltype(t.operator[](1)) { return 1; }
template <typename T> auto converted(T *t) -> decltype(t->operator int *()) { return nullptr; }
struct Outer { struct { int inner; } first; Number *second; int third[2]; };
template <Outer value> const Outer *object() { return &value; }
template <auto value> void any() {}
template <typename... T> auto folded(T... t) -> decltype((t + ...), (... - t), (0 + ... + t)) { return {}; }
void use() {
  Holder<long> holder;
  holder.method(1) + (int)holder + Holder<char>::stored(1, 'c');
  added(Number()); indexed(Number()); converted((Number *)nullptr);
  object<Outer{{3}, nullptr, {1, 2}}>();
  any<nullptr>(); any<u'x'>(); any<U'y'>(); any<u8'z'>();
#ifndef __clang__
  any<1.5f>(); any<-0.0>(); any<2.5L>();
#endif
  folded(1, 2);
}
