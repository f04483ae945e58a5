#include <dlfcn.h>
#include <stdio.h>

/* dynload LIBRARY FUNCTION: loads one and calls the other. */
int main(int argc, char **argv) {
  if (argc != 3) return 2;
  void *library = dlopen(argv[1], RTLD_LAZY);
  if (library == NULL) {
    puts(dlerror());
    return 1;
  }
  void (*function)(void);
  *(void **)&function = dlsym(library, argv[2]);
  if (function == NULL) {
    puts(dlerror());
    return 1;
  }
  function();
  return dlclose(library);
}
