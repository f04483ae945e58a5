// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Closures in functions, initializers, default arguments, parameters of other closures and templates.
template <typename F> void apply(F f) { f(); }
template <typename F, typename G> auto both(F f, G g) { return [=] { f(); g(); }; }

inline auto global = [](int value) { return value + 1; };
inline auto generic = [](auto first, auto... rest) { return (first + ... + rest); };

struct Holder {
  int member = [] { return 7; }();
  static inline auto stored = [](char) { return 'c'; };
  int method(int value = [] { return 3; }()) const {
    auto outer = [this](auto a) {
      auto inner = [a](auto &b, const auto *c) { return a + b + *c; };
      int x = 1;
      return inner(x, &x);
    };
    return outer(value) + outer(2L);
  }
};

template <typename T> int nested(T value) {
  auto typed = []<typename U, int N>(U u, int (&array)[N]) { return u + array[0] + N; };
  int array[2] = {1, 2};
  apply([&] { apply([&] { value = typed(value, array); }); });
  return value;
}

int use() {
  Holder holder;
  both([] {}, [] {})();
  apply([] {});
  return global(1) + generic(1, 2L, 'c') + Holder::stored('x') + holder.method() + nested(1) + nested('c');
}
