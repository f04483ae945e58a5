#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

const char *dialect(void);

/* host [deep]: opens the plugin and lets it speak. */
int main(int argc, char **argv) {
  int deep = argc > 1 && strcmp(argv[1], "deep") == 0 ? RTLD_DEEPBIND : 0;
  printf("host: the %s dialect\n", dialect());
  void *plugin = dlopen("./libplugin.so", RTLD_NOW | deep);
  if (plugin == NULL) {
    puts(dlerror());
    return 1;
  }
  void (*speak)(void) = (void (*)(void))dlsym(plugin, "plugin_speak");
  speak();
}
