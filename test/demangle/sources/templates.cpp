// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Packs, folds, expressions in signatures, non-type arguments, template template parameters.
#include <cstddef>
#include <utility>
template <typename... T> struct List {};
template <template <typename...> class C, typename... T> void spread(C<T...>, T &&...) {}
template <typename... T> auto sum(T... values) -> decltype((values + ... + 0)) { return (values + ... + 0); }
template <typename... T> auto left(T... values) -> decltype((0 + ... + values)) { return (0 + ... + values); }
template <typename... T> char (&count(T...))[sizeof...(T) + 1];
template <typename T> auto member(T &t) -> decltype(t.value + t.call(1)) { return t.value + t.call(1); }
template <typename T> auto arrow(T *t) -> decltype(t->value, &t->value) { return &t->value; }
template <typename T> auto cast(T t) -> decltype(static_cast<long>(t) + (int)t) { return 0; }
template <typename T> auto create(int) -> decltype(new T(1), T{}) { return T{}; }
template <typename T> auto index(T t) -> decltype(t[0] ? -t[1] : ~t[2]) { return 0; }
template <typename T> auto sizes(T t) -> decltype(sizeof(T) + sizeof(t) + alignof(T)) { return 0; }
template <typename T, typename U> auto compare(T t, U u) -> decltype(t < u && !(t > u) || t == u) { return true; }
template <typename T> auto steps(T t) -> decltype(++t, t++, --t, t--, *&t) { return t; }
template <bool B, char C, long L, unsigned long U, short S, decltype(nullptr) N> void values() {}
enum class Color { red = 1, blue = 2 };
template <Color C> void colored() {}
int object;
int function(int);
struct Thing { int value; int call(int); static int shared; template <typename T> T make() const; };
template <auto Value> void any() {}
template <int *P, int (*F)(int), int Thing::*M, int (Thing::*G)(int)> void pointers() {}
template <typename T> typename T::type dependent(typename T::template inner<int> *);
struct Types { using type = int; template <typename> struct inner {}; };
template <typename T, std::size_t... I> void indices(std::index_sequence<I...>, T (&...arrays)[I + 1]) {}

void use() {
  spread(List<int, char>{}, 1, 'c');
  sum(1, 2L); left(1, 'c'); sum();
  (void)sizeof(count(1, 2));
  Thing thing{};
  int array[3] = {1, 2, 3}, first[1], second[2];
  member(thing); arrow(&thing); cast(1); create<int>(0); index(array); sizes(1L);
  compare(1, 2L); steps(1);
  values<true, 'x', -3L, 5UL, -7, nullptr>();
  colored<Color::blue>(); colored<Color(7)>();
  any<1>(); any<'c'>(); any<&object>(); any<&Thing::value>(); any<&Thing::call>(); any<&function>();
  pointers<&object, function, &Thing::value, &Thing::call>();
  pointers<nullptr, nullptr, nullptr, nullptr>();
  dependent<Types>(nullptr);
  indices(std::index_sequence<0, 1>{}, first, second);
  thing.make<int (*)(char)>();
}
