// cc -O2 -o dl-loop dl-loop.c -ldl
// Usage: dl-loop calls|cycles COUNT LIBRARY  does what dl-loop.ts does, from C: so many calls of `add` in the
// library, or so often dlopen(3), dlsym(3) and dlclose(3).
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef long add_function(long, long);

static void *checked(void *result) {
  if (result == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
  return result;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  long count = atol(argv[2]);
  long total = 0;
  if (strcmp(argv[1], "calls") == 0) {
    add_function *add = (add_function *)checked(dlsym(checked(dlopen(argv[3], RTLD_NOW)), "add"));
    for (long index = 0; index < count; index++) total = add(total, index);
    return total == count * (count - 1) / 2 ? 0 : 1;
  }
  for (long index = 0; index < count; index++) {
    void *handle = checked(dlopen(argv[3], RTLD_NOW));
    checked(dlsym(handle, "add"));
    if (dlclose(handle) != 0) return 1;
  }
  return 0;
}
