// cc -O2 -o soak-loop soak-loop.c -ldl -lpthread
// Usage: soak-loop PLUGIN ROUNDS THREADS [ENTRY]  does what `solder soak` does, from C and without measuring
// anything: so often dlopen(3), a call of `int ENTRY(int THREADS)`, dlclose(3).
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

typedef int entry_function(int);

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  long rounds = atol(argv[2]);
  int threads = atoi(argv[3]);
  const char *entry = argc > 4 ? argv[4] : "run_plugin";
  for (long round = 0; round < rounds; round++) {
    void *handle = dlopen(argv[1], RTLD_NOW);
    void *function = handle == NULL ? NULL : dlsym(handle, entry);
    if (function == NULL) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    ((entry_function *)function)(threads);
    if (dlclose(handle) != 0) return 1;
  }
  return 0;
}
