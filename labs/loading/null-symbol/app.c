#include <dlfcn.h>
#include <stdio.h>

static void ask(void *handle, const char *name) {
  dlerror();
  void *address = dlsym(handle, name);
  const char *error = dlerror();
  printf("%s: %s, %s\n", name, address == NULL ? "NULL" : "an address", error == NULL ? "no error" : error);
}

int main(void) {
  void *map = dlopen("./libmap.so", RTLD_LAZY);
  ask(map, "mountain");
  ask(map, "nowhere");
  ask(map, "atlantis");
}
