#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

const char *coffee(void) { return "the cafe's coffee"; }

const char *tea(void) { return "the cafe's tea"; }

static void ask(const char *name) {
  const char *(*drink)(void) = (const char *(*)(void))dlsym(RTLD_DEFAULT, name);
  printf("cafe: %s\n", drink == NULL ? dlerror() : drink());
}

void cafe_order(void) {
  ask("coffee");
  ask("beer");
  ask("tea");
}
