// compile: g++ -std=c++17 -c; clang++ -std=c++17 -c
// Constructors that are inherited: their class counts as a substitution, templates have arguments of their own.
namespace space {
struct Base { Base(int *, Base *) {} template <typename T> Base(T, Base *, T *) {} };
template <typename Q> struct Generic {
  Generic(int *, Generic *) {}
  template <typename T> Generic(T, Generic *, T *, Q) {}
  template <typename T> struct Inner { Inner(T *, Inner *) {} template <typename U> Inner(U, Inner &, T) {} };
};
}
struct Plain { template <typename T> Plain(T *) {} };
struct FromPlain : Plain { using Plain::Plain; };
struct FromBase : space::Base { using Base::Base; };
struct FromVirtual : virtual space::Base { using Base::Base; };
template <typename Z> struct FromGeneric : space::Generic<Z> { using space::Generic<Z>::Generic; };
struct FromInner : space::Generic<int>::Inner<char> { using Inner::Inner; };
void use(space::Base *base, space::Generic<int> *generic, space::Generic<int>::Inner<char> &inner) {
  FromPlain plain((int *)nullptr);
  FromBase first(nullptr, base), second('c', base, "c" == nullptr ? nullptr : (char *)nullptr);
  FromVirtual third(nullptr, base), fourth(1L, base, (long *)nullptr);
  FromGeneric<int> fifth(nullptr, generic), sixth(1.0, generic, (double *)nullptr, 1);
  FromInner seventh(nullptr, &inner), eighth(1L, inner, 'c');
}
