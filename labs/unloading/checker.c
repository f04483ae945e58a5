#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than any C library has. */
#define KEYS 2048
/* Rounds that are looked at one by one. */
#define TOLD 2

static int free_keys(void) {
  static pthread_key_t keys[KEYS];
  int count = 0;
  while (count < KEYS && pthread_key_create(&keys[count], NULL) == 0) count++;
  for (int at = 0; at < count; at++) pthread_key_delete(keys[at]);
  return count;
}

static int is_called(struct dl_phdr_info *object, size_t size, void *name) {
  (void)size;
  return strcmp(object->dlpi_name, name) == 0;
}

static void *open_plugin(const char *path) {
  void *plugin = dlopen(path, RTLD_NOW);
  if (plugin == NULL) {
    puts(dlerror());
    exit(1);
  }
  return plugin;
}

static void use(void *plugin) { ((void (*)(void))dlsym(plugin, "plugin_use"))(); }

/* One round: the plugin is opened, used and closed, or used as the `kept` one that it is. */
static void round_of(const char *path, void *kept) {
  void *plugin = kept != NULL ? kept : open_plugin(path);
  use(plugin);
  if (kept == NULL) dlclose(plugin);
}

static void tell(const char *path, void *kept) {
  for (int round = 1; round <= TOLD; round++) {
    int before = free_keys();
    round_of(path, kept);
    printf("keys lost in round %d: %d\n", round, before - free_keys());
  }
  printf("unloaded: %s\n", dl_iterate_phdr(is_called, (void *)path) == 0 ? "yes" : "no");
}

/* Goes on in a child process. */
static void endure(const char *path, int rounds, void *kept) {
  int *round = mmap(NULL, sizeof *round, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    if (freopen("/dev/null", "w", stdout) == NULL) _exit(1);
    for (*round = TOLD + 1; *round <= rounds; ++*round) round_of(path, kept);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFSIGNALED(status)) {
    printf(status == 0 ? "survived %d rounds\n" : "gave up in round %d\n", status == 0 ? rounds : *round);
    return;
  }
  int signal = WTERMSIG(status);
  const char *name = signal == SIGABRT ? "SIGABRT" : signal == SIGSEGV ? "SIGSEGV" : "another signal";
  printf("died in round %d: %s\n", *round, name);
}

/*
 * checker PLUGIN [ROUNDS] [keep]: what two rounds leave behind, and whether the process survives so many. `keep`:
 * the plugin is opened once for all rounds, and never closed.
 */
int main(int count, char **words) {
  const char *path = words[1];
  void *kept = strcmp(words[count - 1], "keep") == 0 ? open_plugin(path) : NULL;
  int rounds = count > 2 ? atoi(words[2]) : 0;
  tell(path, kept);
  if (rounds > 0) endure(path, rounds, kept);
}
