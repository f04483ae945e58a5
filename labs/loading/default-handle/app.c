#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

static void ask(const char *name) {
  const char *(*drink)(void) = (const char *(*)(void))dlsym(RTLD_DEFAULT, name);
  printf("program: %s\n", drink == NULL ? dlerror() : drink());
}

int main(void) {
  void *cafe = dlopen("./libcafe.so", RTLD_LAZY);
  dlopen("./libbar.so", RTLD_LAZY | RTLD_GLOBAL);
  ask("coffee");
  ask("beer");
  ask("tea");
  ((void (*)(void))dlsym(cafe, "cafe_order"))();
}
