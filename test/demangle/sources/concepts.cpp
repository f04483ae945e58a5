// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Constraints and requires, class-type template arguments and their objects.
template <typename T> concept Small = sizeof(T) <= 4;
template <typename T, typename U> concept Same = __is_same(T, U);
template <Small T> void constrained(T) {}
template <typename T> requires Small<T> && (!Same<T, char>) void clause(T) {}
template <typename T> void trailing(T) requires requires(T t) { t + 1; { t * 2 } -> Small; typename T; } {}
void shortForm(Small auto, Small auto &...) {}
struct Point { int x, y; };
struct Shape { Point from, to; const char *name; bool operator==(const Shape &) const = default; };
template <Point P> struct At { static const Point *where() { return &P; } };
template <Point P> int sum() { return P.x + P.y; }
template <typename T> struct Class { void method() requires Small<T> {} template <Small U> void other(U) {} };
template <auto P> const auto *object() { return &P; }
const void *use() {
  constrained(1); clause(1); shortForm(1, *new int);
  Class<int>().method(); Class<int>().other('c');
  sum<Point{1, -2}>(); sum<Point{}>();
  At<Point{3, 4}>::where();
  return object<Point{5, 6}>();
}
