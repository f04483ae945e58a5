// compile: g++ -std=c++20 -c; clang++ -std=c++20 -c
// Declarators inside out: pointers to functions, arrays, members, with every qualifier; builtin types.
struct S { void plain(); void constant() const; void both() const volatile &; void moved() &&; int field; };
void builtins(bool, char, signed char, unsigned char, short, unsigned short, int, unsigned, long,
              unsigned long, long long, unsigned long long, float, double, long double, wchar_t, char8_t,
              char16_t, char32_t, __int128, unsigned __int128, decltype(nullptr), ...) {}
void functions(int (*)(char), void (*(*)(int))(char), int (&)(), int (*const *)(long), void (*)() noexcept) {}
void arrays(int (*)[3], int (&)[3][4], const char (&)[5], char *(*)[2], int (*(*)[2])(char)) {}
void members(int S::*, void (S::*)(), void (S::*)() const, void (S::*)() const volatile &, void (S::*)() &&,
             int S::*S::*) {}
int (*returns(char))(long) { return nullptr; }
int (&reference())[3] { static int array[3]; return array; }
template <typename T> int (*templated(T))(T) { return nullptr; }
template <typename T> T (&sized(T))[4];
void qualified(const int *, int *const, volatile int *, const volatile int &, int *__restrict, const char *const *) {}
typedef float Vector __attribute__((vector_size(16)));
void vectors(Vector, Vector *) {}
void complexes(_Complex double, _Complex float *) {}
template <typename T> void collapse(T &&) {}
template <typename T> void constant(const T &) {}
template <typename T> void pointer(T *) {}
void S::plain() {}
void S::constant() const {}
void S::both() const volatile & {}
void S::moved() && {}
void use() {
  int value = 0;
  const int fixed = 0;
  int array[3];
  collapse(value); collapse(1); collapse(fixed); collapse(array); collapse(use);
  constant(array); constant("text"); constant(use); pointer(&value); pointer(use); pointer(&array);
  templated(1); (void)sizeof(sized(1)); collapse(&S::field); constant(&S::constant);
}
