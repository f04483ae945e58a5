/* clang -femulated-tls -static-libgcc -O1 -fPIC -shared: thread-local storage that is kept under a key. */
static __thread int counter;

int run(void) { return ++counter > 0; }
