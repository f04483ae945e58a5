#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static int is_there(const char *file) {
  void *handle = dlopen(file, RTLD_LAZY | RTLD_NOLOAD);
  if (handle != NULL) dlclose(handle);
  return handle != NULL;
}

/* app [now | early]: the mill is opened with RTLD_NOW, or grinds before the river is closed. */
int main(int argc, char **argv) {
  int now = argc > 1 && strcmp(argv[1], "now") == 0;
  int early = argc > 1 && strcmp(argv[1], "early") == 0;
  void *river = dlopen("./libriver.so", RTLD_LAZY | RTLD_GLOBAL);
  void *mill = dlopen("./libmill.so", now ? RTLD_NOW : RTLD_LAZY);
  if (mill == NULL) return puts(dlerror());
  void (*grind)(void) = (void (*)(void))dlsym(mill, "mill_grind");
  if (early) grind();
  dlclose(river);
  puts(is_there("./libriver.so") ? "the river stays" : "the river is gone");
  if (now || early) grind();
  dlclose(mill);
  puts(is_there("./libriver.so") ? "the river stays" : "the river is gone");
}
