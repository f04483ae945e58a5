#include <pthread.h>
#include <stdio.h>

int __real_pthread_key_create(pthread_key_t *, void (*)(void *));

static pthread_key_t keys[64];
static int count;

/* Nothing hides it: that is the mistake. */
#ifdef HIDDEN
__attribute__((visibility("hidden")))
#endif
int __wrap_pthread_key_create(pthread_key_t *key, void (*destroy)(void *)) {
  int error = __real_pthread_key_create(key, destroy);
  if (error == 0) keys[count++] = *key;
  return error;
}

__attribute__((destructor)) static void end(void) {
  printf("%s deletes %d keys\n", PLUGIN, count);
  for (int at = 0; at < count; at++) pthread_key_delete(keys[at]);
}
