/* Opens, uses and closes a plugin in rounds, and prints what stays as JSON: host PLUGIN ROUNDS */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int callbacks;

/* What plugins may take from a host. */
void host_register(void (*callback)(void)) { callbacks += callback != 0; }
void host_unregister(void (*callback)(void)) { callbacks -= callback != 0; }
void host_each(void (*callback)(void)) { callback(); }

/* Keys that can still be created. */
static int free_keys(void) {
  static pthread_key_t keys[4096];
  int count = 0;
  while (count < 4096 && pthread_key_create(&keys[count], 0) == 0) count++;
  for (int index = 0; index < count; index++) pthread_key_delete(keys[index]);
  return count;
}

static int entries(const char *directory) {
  DIR *open = opendir(directory);
  int count = 0;
  while (readdir(open)) count++;
  closedir(open);
  return count;
}

static int handlers(void) {
  int count = 0;
  for (int number = 1; number < 32; number++) {
    struct sigaction action;
    if (sigaction(number, 0, &action) == 0)
      count += action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
  }
  return count;
}

static int mappings(void) {
  FILE *maps = fopen("/proc/self/maps", "r");
  int count = 0;
  char line[4096];
  while (fgets(line, sizeof line, maps)) count += strstr(line, "/dev/zero") != 0;
  fclose(maps);
  return count;
}

static int objects(void) {
  struct link_map *map = dlopen(0, RTLD_LAZY);
  int count = 0;
  for (; map; map = map->l_next) count++;
  return count;
}

struct state {
  int keys, threads, descriptors, handlers, mappings, callbacks, objects;
};

static struct state look(void) {
  struct state now = {free_keys(), entries("/proc/self/task"), entries("/proc/self/fd"), handlers(),
                      mappings(), callbacks, objects()};
  return now;
}

int main(int argc, char **argv) {
  int rounds = argc > 2 ? atoi(argv[2]) : 1;
  struct state first = {0}, last = {0};
  int kept = 0;
  for (int round = 0; round < rounds; round++) {
    void *plugin = dlopen(argv[1], RTLD_NOW);
    if (!plugin) {
      fprintf(stderr, "%s\n", dlerror());
      return 3;
    }
    void (*run)(void) = (void (*)(void))dlsym(plugin, "run");
    if (run) run();
    dlclose(plugin);
    plugin = dlopen(argv[1], RTLD_NOW | RTLD_NOLOAD);
    kept = plugin != 0;
    if (plugin) dlclose(plugin);
    usleep(1000);
    last = look();
    /* What a first round leaves once is no growth. */
    if (round == 0) first = last;
  }
  printf("{\"kept\":%s,\"rounds\":%d,\"keys\":%d,\"threads\":%d,\"descriptors\":%d,\"handlers\":%d,"
         "\"mappings\":%d,\"callbacks\":%d,\"objects\":%d}\n",
         kept ? "true" : "false", rounds - 1, first.keys - last.keys, last.threads - first.threads,
         last.descriptors - first.descriptors, last.handlers, last.mappings - first.mappings,
         last.callbacks - first.callbacks, last.objects - first.objects);
  fflush(stdout);
  /* Exit handlers whose code is gone would end the process otherwise than it should. */
  _exit(0);
}
