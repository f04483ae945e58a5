#include <dlfcn.h>
#include <stdio.h>

static void report(const char *what, void *handle) {
  const char *error = dlerror();
  printf("%s: %s\n", what, handle != NULL ? "there" : error != NULL ? error : "not there");
}

int main(void) {
  report("sea, asked for", dlopen("./libsea.so", RTLD_LAZY | RTLD_NOLOAD));
  report("sea, opened", dlopen("./libsea.so", RTLD_LAZY));
  report("sea, asked for", dlopen("./libsea.so", RTLD_LAZY | RTLD_NOLOAD));
  report("ship, opened", dlopen("./libship.so", RTLD_NOW));
  report("sea, promoted", dlopen("./libsea.so", RTLD_LAZY | RTLD_NOLOAD | RTLD_GLOBAL));
  report("ship, opened", dlopen("./libship.so", RTLD_NOW));
}
