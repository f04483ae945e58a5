// cc -O2 -shared -fPIC -pthread -o soak-plugin.so soak-plugin.c
// A plugin that loses nothing: so many threads, each with some memory.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, SIZE = 1000 };

static void *work(void *data) {
  char *memory = malloc(SIZE);
  memset(memory, 1, SIZE);
  free(memory);
  return data;
}

int run_plugin(int threads) {
  pthread_t all[MOST];
  for (int at = 0; at < threads; at++) pthread_create(&all[at], NULL, work, NULL);
  for (int at = 0; at < threads; at++) pthread_join(all[at], NULL);
  return 0;
}
