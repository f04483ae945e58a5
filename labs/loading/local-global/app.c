#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* app [global]: opens the sea, then the ship that sails on it. */
int main(int argc, char **argv) {
  int mode = argc > 1 && strcmp(argv[1], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL;
  void *sea = dlopen("./libsea.so", RTLD_NOW | mode);
  void *ship = dlopen("./libship.so", RTLD_NOW);
  if (sea == NULL || ship == NULL) {
    puts(dlerror());
    return 1;
  }
  ((void (*)(void))dlsym(ship, "ship_sail"))();
}
