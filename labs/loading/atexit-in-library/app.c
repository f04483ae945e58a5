#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* app [close]: closes the library before the end. */
int main(int argc, char **argv) {
  void *stove = dlopen("./libstove.so", RTLD_LAZY);
  ((void (*)(void))dlsym(stove, "stove_light"))();
  if (argc > 1 && strcmp(argv[1], "close") == 0) {
    dlclose(stove);
    puts("closed");
  }
  puts("the program ends");
}
