#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static void *use(void *plugin) {
  ((void (*)(void))dlsym(plugin, "plugin_use"))();
  return NULL;
}

/* app [thread]: uses the plugin in this thread or in another one, which has ended when it is closed. */
int main(int count, char **words) {
  (void)words;
  void *plugin = dlopen("./libplugin.so", RTLD_NOW);
  pthread_t thread;
  if (count == 1) use(plugin);
  else if (pthread_create(&thread, NULL, use, plugin) == 0) pthread_join(thread, NULL);
  printf("dlclose returns %d\n", dlclose(plugin));
  printf("unloaded: %s\n", dlopen("./libplugin.so", RTLD_NOW | RTLD_NOLOAD) == NULL ? "yes" : "no");
}
