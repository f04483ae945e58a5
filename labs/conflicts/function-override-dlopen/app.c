#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static void turn(const char *file, const char *function, int mode) {
  void *handle = dlopen(file, RTLD_NOW | mode);
  if (handle == NULL) {
    puts(dlerror());
    return;
  }
  ((void (*)(void))dlsym(handle, function))();
}

/* app [global]: opens both libraries. */
int main(int argc, char **argv) {
  int mode = argc > 1 && strcmp(argv[1], "global") == 0 ? RTLD_GLOBAL : RTLD_LOCAL;
  turn("./libleft.so", "left_turn", mode);
  turn("./libright.so", "right_turn", mode);
}
