#include <pthread.h>
#include <stdlib.h>

static pthread_key_t state, errors;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make(void) {
  if (pthread_key_create(&state, free) != 0 || pthread_key_create(&errors, free) != 0) abort();
}

void plugin_use(void) { pthread_once(&once, make); }
