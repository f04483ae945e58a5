// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Operators, conversions, constructors, local, unnamed and anonymous entities, ABI tags, literal operators.
#include <compare>
#include <cstddef>
#include <new>
#include <string>
namespace {
struct Hidden { virtual void run(); };
void Hidden::run() {}
int secret() { return 1; }
}
inline namespace v1 { struct [[gnu::abi_tag("tagged")]] Tagged { Tagged(); ~Tagged(); int value; }; }
v1::Tagged::Tagged() = default;
v1::Tagged::~Tagged() = default;
[[gnu::abi_tag("one", "two")]] Tagged makeTagged() { return {}; }
struct Base { Base(int); virtual ~Base(); };
Base::Base(int) {}
Base::~Base() {}
struct Derived : Base { using Base::Base; };
struct Number {
  Number operator+(const Number &) const; Number &operator+=(int); bool operator!() const; Number operator~();
  auto operator<=>(const Number &) const = default; Number *operator->(); int operator[](int) const;
  int operator()(int, char); Number &operator++(); Number operator++(int); int Number::*operator->*(int);
  operator bool() const; operator int *(); operator std::string() const; operator const char *const &();
  template <typename T> operator T() const; template <typename T> explicit operator T *();
  void *operator new(std::size_t); void operator delete[](void *); Number operator,(int); bool operator&&(int);
};
Number Number::operator+(const Number &) const { return {}; }
Number &Number::operator+=(int) { return *this; }
bool Number::operator!() const { return true; }
Number Number::operator~() { return {}; }
Number *Number::operator->() { return this; }
int Number::operator[](int) const { return 0; }
int Number::operator()(int, char) { return 0; }
Number &Number::operator++() { return *this; }
Number Number::operator++(int) { return {}; }
Number::operator bool() const { return true; }
Number::operator int *() { return nullptr; }
Number::operator std::string() const { return {}; }
template <typename T> Number::operator T() const { return {}; }
template <typename T> Number::operator T *() { return nullptr; }
template Number::operator long() const;
template Number::operator char *();
template Number::operator std::basic_string<wchar_t>() const;
void *Number::operator new(std::size_t size) { return ::operator new(size); }
void Number::operator delete[](void *) {}
unsigned long long operator""_km(unsigned long long value) { return value; }
bool operator<(const Number &, int) { return true; }
struct { int value; struct { int inner; } nested; } unnamed;
typedef struct { void method(); } Named;
void Named::method() {}
template <typename T> void take(T) {}
enum { enumerator };
void locals() {
  struct Local { void method() { struct Deeper { void deepest() {} }; Deeper().deepest(); } };
  Local().method();
  { struct Local { void other() {} }; Local().other(); }
  static int counter = secret();
  static Tagged tagged;
  take(unnamed); take(Local()); take(Derived(1)); take(enumerator); take(Hidden());
  counter++;
}
extern "C" void plain() { struct InPlain { void method() {} }; InPlain().method(); }
