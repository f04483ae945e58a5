#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* app FILE lazy|now [FUNCTION]: opens a library and calls a function. */
int main(int argc, char **argv) {
  if (argc < 3) return 2;
  void *library = dlopen(argv[1], strcmp(argv[2], "now") == 0 ? RTLD_NOW : RTLD_LAZY);
  puts(library == NULL ? dlerror() : "opened");
  fflush(stdout);
  if (library != NULL && argc > 3) ((void (*)(void))dlsym(library, argv[3]))();
}
