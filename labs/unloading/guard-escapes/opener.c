#include <dlfcn.h>
#include <stdio.h>

static void *open_and_use(const char *path, const char *function, int mode) {
  void *plugin = dlopen(path, RTLD_NOW | mode);
  ((void (*)(void))dlsym(plugin, function))();
  return plugin;
}

int main(void) {
  void *first = open_and_use("./libfirst.so", "first_use", RTLD_GLOBAL);
  void *second = open_and_use("./libsecond.so", "second_use", RTLD_LOCAL);
  dlclose(first);
  puts("the first is closed");
  dlclose(second);
  puts("the second is closed");
}
