/* cc -O1 guard.c, with its --wrap options: threads that make and delete keys all the time. */
#include <pthread.h>
#include <stdio.h>

static void end(void *value) { (void)value; }

static void *work(void *rounds) {
  for (long round = 0; round < (long)rounds; round++) {
    pthread_key_t keys[3];
    for (int i = 0; i < 3; i++) {
      if (pthread_key_create(&keys[i], i == 0 ? end : NULL) != 0) return "create";
    }
    pthread_setspecific(keys[0], keys);
    for (int i = 2; i >= 0; i--) {
      if (pthread_key_delete(keys[i]) != 0) return "delete";
    }
  }
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) pthread_create(&threads[i], NULL, work, (void *)2000);
  for (int i = 0; i < 8; i++) {
    void *failed;
    pthread_join(threads[i], &failed);
    if (failed != NULL) return puts(failed), 1;
  }
  return puts("done"), 0;
}
