#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

static void ask(void *measure) {
  if (measure == NULL) puts(dlerror());
  else printf("depth %d\n", ((int (*)(void))measure)());
}

int main(void) {
  void *lake = dlopen("./liblake.so", RTLD_LAZY);
  ask(dlsym(lake, "depth"));
  ask(dlvsym(lake, "depth", "LAKE_2"));
  ask(dlvsym(lake, "depth", "LAKE_1"));
  ask(dlvsym(lake, "depth", "LAKE_3"));
  ask(dlvsym(lake, "width", "LAKE_1"));
}
