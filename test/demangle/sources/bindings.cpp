// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Structured bindings and variable templates at namespace scope.
struct Pair { int first; long second; };
Pair make();
auto [left, right] = make();
static auto [hidden, other] = make();
namespace space { auto [alpha, beta] = make(); auto &[gamma, delta] = *new Pair; }
template <typename T> T pi = T(3.14);
template <typename T, int N> inline T table[N] = {};
long use() { return left + right + hidden + other + space::alpha + space::gamma + (long)pi<double> + table<int, 3>[0] + (long)pi<float>; }
