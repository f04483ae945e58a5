/* cc -O1 -fPIC -shared: makes keys in every way and at every moment, and deletes one of them itself. */
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>

static pthread_key_t plain, own, late, last;
static tss_t standard;
static int *ended;

static void end(void *value) {
  (void)value;
  if (ended != NULL) __atomic_add_fetch(ended, 1, __ATOMIC_SEQ_CST);
}

static void at_exit(void) { pthread_key_create(&late, NULL); }

/* A function that ends in a jump to pthread_key_create. */
__attribute__((noinline)) int make(pthread_key_t *key) { return pthread_key_create(key, end); }

__attribute__((constructor)) static void begin(void) {
  make(&plain);
  pthread_key_create(&own, NULL);
  tss_create(&standard, end);
  atexit(at_exit);
}

/* Made when others are given back already. */
__attribute__((destructor)) static void finish(void) { pthread_key_create(&last, NULL); }

/* Where the ends of values are counted. */
void count_in(int *counter) { ended = counter; }

/* Gives the calling thread two values. */
void set(void) {
  pthread_setspecific(plain, &plain);
  tss_set(standard, &standard);
}

int run(void) {
  pthread_key_delete(own);
  if (pthread_key_create(&own, NULL) != 0) return 0;
  return pthread_setspecific(own, &own) == 0;
}
