// compile: clang++ -std=c++20 -fblocks -c
// What only Clang has: blocks, _BitInt, enable_if, vendor qualifiers, objects of address spaces.
void bits(_BitInt(7), unsigned _BitInt(33), _BitInt(128) *) {}
template <typename T> void bit(T) {}
void run(void (^)(), int (^)(char)) {}
void blocks(int value) {
  run(^{ run(^{}, ^(char) { return 2; }); }, ^(char c) { return c + value; });
  bit((unsigned _BitInt(5))1);
}
int limited(int value) __attribute__((enable_if(value > 0, "positive"))) { return value; }
void spaces(__attribute__((address_space(1))) int *, const __attribute__((address_space(2))) char *) {}
typedef int Extended __attribute__((ext_vector_type(3)));
void extended(Extended, Extended *) {}
