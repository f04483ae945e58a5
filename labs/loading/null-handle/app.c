#include <dlfcn.h>
#include <stdio.h>

const char *town(void) { return "the program's town"; }

const char *road(void);

static void ask(void *handle, const char *name) {
  const char *(*place)(void) = (const char *(*)(void))dlsym(handle, name);
  puts(place == NULL ? dlerror() : place());
}

int main(void) {
  void *program = dlopen(NULL, RTLD_LAZY);
  dlopen("./libisland.so", RTLD_LAZY);
  dlopen("./libcoast.so", RTLD_LAZY | RTLD_GLOBAL);
  puts(road());
  ask(program, "town");
  ask(program, "road");
  ask(program, "harbour");
  ask(program, "beach");
}
