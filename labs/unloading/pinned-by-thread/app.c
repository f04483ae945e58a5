#include "door.h"

#include <dlfcn.h>
#include <stdio.h>

static struct door door = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void wait_for(int waits) {
  pthread_mutex_lock(&door.lock);
  while (door.waits != waits) pthread_cond_wait(&door.changed, &door.lock);
  pthread_mutex_unlock(&door.lock);
}

/* Closes the plugin while its thread waits in the C library, and then lets that thread go on. */
int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  void *plugin = dlopen("./libplugin.so", RTLD_NOW);
  ((void (*)(struct door *))dlsym(plugin, "plugin_use"))(&door);
  wait_for(1);
  printf("dlclose returns %d\n", dlclose(plugin));
  printf("unloaded: %s\n", dlopen("./libplugin.so", RTLD_NOW | RTLD_NOLOAD) == NULL ? "yes" : "no");
  pthread_mutex_lock(&door.lock);
  door.open = 1;
  pthread_cond_broadcast(&door.changed);
  pthread_mutex_unlock(&door.lock);
  wait_for(0);
  puts("the thread went on");
}
