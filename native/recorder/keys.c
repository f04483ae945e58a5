/* Thread-specific keys and signal handlers: known by small numbers. */
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <threads.h>

#include "caller.h"
#include "next.h"

static void made_key(unsigned key, site made_by) {
  if (recorder_table != NULL) set_site(recorder_table->keys, KEYS, (long)key, made_by);
}

EXPORTED int pthread_key_create(pthread_key_t *key, void (*destroy)(void *)) {
  int error = NEXT(pthread_key_create)(key, destroy);
  if (error == 0) made_key(*key, DIRECT_CALLER);
  return error;
}

/* Forgotten first: once the number is given back, another thread may get it at once. */
EXPORTED int pthread_key_delete(pthread_key_t key) {
  made_key(key, 0);
  return NEXT(pthread_key_delete)(key);
}

EXPORTED int tss_create(tss_t *key, tss_dtor_t destroy) {
  int outcome = NEXT(tss_create)(key, destroy);
  if (outcome == thrd_success) made_key(*key, DIRECT_CALLER);
  return outcome;
}

EXPORTED void tss_delete(tss_t key) {
  made_key(key, 0);
  NEXT(tss_delete)(key);
}

static void handled(int number, site made_by) {
  if (recorder_table != NULL) set_site(recorder_table->signals, SIGNALS, number, made_by);
}

EXPORTED int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  int error = NEXT(sigaction)(number, action, old);
  if (error == 0 && action != NULL) handled(number, CALLER);
  return error;
}

EXPORTED sighandler_t signal(int number, sighandler_t handler) {
  sighandler_t old = NEXT(signal)(number, handler);
  if (old != SIG_ERR) handled(number, CALLER);
  return old;
}

EXPORTED sighandler_t sigset(int number, sighandler_t handler) {
  sighandler_t old = NEXT(sigset)(number, handler);
  /* SIG_HOLD blocks the signal and leaves its handler (sigset(3)). */
  if (old != SIG_ERR && handler != SIG_HOLD) handled(number, CALLER);
  return old;
}
