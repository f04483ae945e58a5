#include <pthread.h>
#include <stdlib.h>

static pthread_key_t state, errors;
static pthread_once_t once = PTHREAD_ONCE_INIT;

__attribute__((constructor)) static void begin(void) {
  if (pthread_key_create(&state, NULL) != 0) abort();
}

static void make(void) {
  if (pthread_key_create(&errors, free) != 0) abort();
}

void plugin_use(void) {
  pthread_once(&once, make);
  pthread_setspecific(state, &state);
  if (pthread_getspecific(errors) == NULL) pthread_setspecific(errors, malloc(100));
}
