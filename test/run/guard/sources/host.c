/*
 * cc -O1 -pthread host.c -ldl
 *   host rounds N THREADS PLUGIN...   all plugins opened, run by THREADS threads, closed in both orders
 *   host parallel N PLUGIN...         a thread for each plugin, all at the same time
 *   host values PLUGIN                the values of threads that end before, within and after the unload
 *   host churn N PLUGIN               rounds, beside 8 threads that make, use and delete keys of the host's own
 *   host fork PLUGIN                  the child of a fork unloads, then the parent
 * Prints what is left of the keys; dies as the plugins make it die, after a line with the round.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int round_now;

static int free_keys(void) {
  static pthread_key_t keys[4096];
  int count = 0;
  while (count < 4096 && pthread_key_create(&keys[count], NULL) == 0) count++;
  for (int i = 0; i < count; i++) pthread_key_delete(keys[i]);
  return count;
}

static void fail(const char *what) {
  printf("round %d: %s\n", round_now, what);
  exit(1);
}

static void *open_plugin(const char *path) {
  void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (plugin == NULL) fail(dlerror());
  return plugin;
}

static void *call_run(void *plugin) {
  int (*run)(void) = (int (*)(void))dlsym(plugin, "run");
  if (run == NULL) fail("no run");
  return run() == 1 ? NULL : "wrong";
}

static void aborted(int number) {
  char line[64];
  int length = snprintf(line, sizeof line, "died in round %d\n", round_now);
  if (write(1, line, (size_t)length) != length) _exit(2);
  signal(number, SIG_DFL);
  raise(number);
}

static size_t heap(void) { return mallinfo2().uordblks; }

static void one_round(char **paths, int plugins, int threads) {
  void *opened[16];
  pthread_t workers[16][16];
  for (int i = 0; i < plugins; i++) opened[i] = open_plugin(paths[i]);
  for (int i = 0; i < plugins; i++) {
    for (int j = 0; j < threads; j++) pthread_create(&workers[i][j], NULL, call_run, opened[i]);
  }
  for (int i = 0; i < plugins; i++) {
    for (int j = 0; j < threads; j++) {
      void *failed;
      pthread_join(workers[i][j], &failed);
      if (failed != NULL) fail(failed);
    }
  }
  for (int i = 0; i < plugins; i++) dlclose(opened[round_now % 2 == 0 ? i : plugins - 1 - i]);
}

static int rounds(int count, int threads, char **paths, int plugins) {
  int before = free_keys();
  size_t warm = 0;
  for (round_now = 1; round_now <= count; round_now++) {
    one_round(paths, plugins, threads);
    if (round_now == count / 2) warm = heap();
  }
  void *stays = dlopen(paths[0], RTLD_NOW | RTLD_NOLOAD);
  printf("keys %d -> %d, heap %+ld, %s\n", before, free_keys(), (long)heap() - (long)warm, stays ? "stays" : "gone");
  return 0;
}

struct job {
  const char *path;
  int count;
};

static void *work(void *data) {
  struct job *job = data;
  for (int i = 0; i < job->count; i++) {
    void *plugin = open_plugin(job->path);
    if (call_run(plugin) != NULL) fail("wrong");
    dlclose(plugin);
  }
  return NULL;
}

static int parallel(int count, char **paths, int plugins) {
  int before = free_keys();
  pthread_t workers[16];
  struct job jobs[16];
  for (int i = 0; i < plugins; i++) {
    jobs[i] = (struct job){paths[i], count};
    pthread_create(&workers[i], NULL, work, &jobs[i]);
  }
  for (int i = 0; i < plugins; i++) pthread_join(workers[i], NULL);
  printf("keys %d -> %d\n", before, free_keys());
  return 0;
}

static volatile int is_over;

/* A key that somebody else deletes loses its value, or is had by two. */
static void *churn(void *unused) {
  while (!is_over) {
    pthread_key_t keys[4];
    for (int i = 0; i < 4; i++) {
      if (pthread_key_create(&keys[i], NULL) != 0) fail("no key for the host");
      pthread_setspecific(keys[i], &keys[i]);
    }
    for (int i = 0; i < 4; i++) {
      if (pthread_getspecific(keys[i]) != &keys[i]) fail("a key of the host was taken away");
      if (pthread_key_delete(keys[i]) != 0) fail("a key of the host was deleted");
    }
  }
  return unused;
}

static int churned(int count, char **paths) {
  int before = free_keys();
  pthread_t workers[8];
  for (int i = 0; i < 8; i++) pthread_create(&workers[i], NULL, churn, NULL);
  for (round_now = 1; round_now <= count; round_now++) one_round(paths, 1, 1);
  is_over = 1;
  for (int i = 0; i < 8; i++) pthread_join(workers[i], NULL);
  printf("keys %d -> %d\n", before, free_keys());
  return 0;
}

static sem_t is_set, may_end;
static void (*set)(void);

static void *set_and_end(void *unused) {
  set();
  return unused;
}

static void *set_and_wait(void *unused) {
  set();
  sem_post(&is_set);
  sem_wait(&may_end);
  return unused;
}

static int values(const char *path) {
  int before = free_keys(), ended = 0;
  sem_init(&is_set, 0, 0);
  sem_init(&may_end, 0, 0);
  void *plugin = open_plugin(path);
  ((void (*)(int *))dlsym(plugin, "count_in"))(&ended);
  set = (void (*)(void))dlsym(plugin, "set");
  pthread_t thread;
  pthread_create(&thread, NULL, set_and_end, NULL);
  pthread_join(thread, NULL);
  printf("ended with their thread: %d\n", ended);
  pthread_create(&thread, NULL, set_and_wait, NULL);
  sem_wait(&is_set);
  set();
  dlclose(plugin);
  printf("ended with the plugin: %d\n", ended - 2);
  fflush(stdout);
  sem_post(&may_end);
  pthread_join(thread, NULL);
  printf("ended after the plugin: %d\n", ended - 4);
  printf("keys %d -> %d\n", before, free_keys());
  return 0;
}

static int forked(const char *path) {
  int before = free_keys();
  void *plugin = open_plugin(path);
  call_run(plugin);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    call_run(plugin);
    dlclose(plugin);
    printf("child: keys %d -> %d\n", before, free_keys());
    fflush(stdout);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  call_run(plugin);
  dlclose(plugin);
  printf("parent: keys %d -> %d, child's status %d\n", before, free_keys(), status);
  return 0;
}

int main(int count, char **words) {
  signal(SIGABRT, aborted);
  signal(SIGSEGV, aborted);
  if (count > 4 && strcmp(words[1], "rounds") == 0) {
    return rounds(atoi(words[2]), atoi(words[3]), words + 4, count - 4);
  }
  if (count > 3 && strcmp(words[1], "parallel") == 0) return parallel(atoi(words[2]), words + 3, count - 3);
  if (count == 4 && strcmp(words[1], "churn") == 0) return churned(atoi(words[2]), words + 3);
  if (count == 3 && strcmp(words[1], "values") == 0) return values(words[2]);
  if (count == 3 && strcmp(words[1], "fork") == 0) return forked(words[2]);
  return 2;
}
