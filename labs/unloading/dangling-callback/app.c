#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static void (*callback)(void);

void host_set_callback(void (*function)(void)) { callback = function; }
void host_clear_callback(void) { callback = NULL; }

/* Uses the plugin, closes it, and ends with whatever the plugin has left to this thread. */
static void *visit(void *path) {
  void *plugin = dlopen(path, RTLD_NOW);
  ((void (*)(void))dlsym(plugin, "plugin_use"))();
  printf("dlclose returns %d\n", dlclose(plugin));
  printf("unloaded: %s\n", dlopen(path, RTLD_NOW | RTLD_NOLOAD) == NULL ? "yes" : "no");
  return NULL;
}

/* app PLUGIN. Then comes whatever calls such a function: a thread ends, a signal, the program's own call, its exit. */
int main(int count, char **words) {
  setvbuf(stdout, NULL, _IONBF, 0);
  signal(SIGUSR1, SIG_IGN);
  pthread_t thread;
  if (pthread_create(&thread, NULL, visit, words[count - 1]) == 0) pthread_join(thread, NULL);
  raise(SIGUSR1);
  if (callback != NULL) callback();
  puts("the program ends");
}
