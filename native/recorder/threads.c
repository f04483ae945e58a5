/* Threads: who started them, whether they still run, whether anybody has joined those that do not. */
#include <pthread.h>
#include <threads.h>

#include "caller.h"
#include "next.h"

enum { RUNS = 1, ENDED = 2, DETACHED = 3 };

/* What a thread is to do, until it has begun. */
struct start {
  _Atomic(bool) taken;
  bool is_detached;
  void *(*routine)(void *);
  thrd_start_t c11_routine;
  void *argument;
  site made_by;
};

enum { STARTS = 512 };
static struct start starts[STARTS];

static bool starts_detached(const pthread_attr_t *attributes) {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != NULL) pthread_attr_getdetachstate(attributes, &state);
  return state == PTHREAD_CREATE_DETACHED;
}

static struct start *take_start(void) {
  for (int at = 0; at < STARTS; at++) {
    bool expected = false;
    if (atomic_compare_exchange_strong(&starts[at].taken, &expected, true)) return &starts[at];
  }
  return NULL;
}

/* Also when the thread leaves by pthread_exit(3), or is cancelled. One that is detached leaves nothing. */
static void leave(void *self) {
  long at = recorder_table == NULL ? -1 : find_named(&threads, (uint64_t)self);
  if (at < 0) return;
  if (atomic_load(&threads.sizes[at]) == DETACHED) atomic_store(&threads.ids[at], 0);
  else atomic_store(&threads.sizes[at], ENDED);
}

/* An entry that says DETACHED was made by whoever was faster; any other is left over from an earlier thread. */
static void enter(struct start *start, struct start *copy) {
  *copy = *start;
  atomic_store(&start->taken, false);
  if (recorder_table == NULL) return;
  uint64_t self = (uint64_t)pthread_self();
  long at = find_named(&threads, self);
  if (at >= 0 && atomic_load(&threads.sizes[at]) == DETACHED && threads.sites[at] == 0) {
    threads.sites[at] = copy->made_by;
    return;
  }
  remove_named(&threads, self);
  add_named(&threads, self, copy->made_by, copy->is_detached ? DETACHED : RUNS);
}

static void *run(void *data) {
  struct start start;
  enter(data, &start);
  void *result;
  pthread_cleanup_push(leave, (void *)pthread_self());
  result = start.routine(start.argument);
  pthread_cleanup_pop(1);
  return result;
}

static int run_c11(void *data) {
  struct start start;
  enter(data, &start);
  int result;
  pthread_cleanup_push(leave, (void *)pthread_self());
  result = start.c11_routine(start.argument);
  pthread_cleanup_pop(1);
  return result;
}

EXPORTED int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *),
                            void *argument) {
  struct start *start = recorder_table == NULL ? NULL : take_start();
  if (start == NULL) return NEXT(pthread_create)(thread, attributes, routine, argument);
  start->is_detached = starts_detached(attributes);
  start->routine = routine;
  start->argument = argument;
  start->made_by = CALLER;
  int error = NEXT(pthread_create)(thread, attributes, run, start);
  if (error != 0) atomic_store(&start->taken, false);
  return error;
}

EXPORTED int thrd_create(thrd_t *thread, thrd_start_t routine, void *argument) {
  struct start *start = recorder_table == NULL ? NULL : take_start();
  if (start == NULL) return NEXT(thrd_create)(thread, routine, argument);
  start->is_detached = false;
  start->c11_routine = routine;
  start->argument = argument;
  start->made_by = CALLER;
  int outcome = NEXT(thrd_create)(thread, run_c11, start);
  if (outcome != thrd_success) atomic_store(&start->taken, false);
  return outcome;
}

static void reaped(pthread_t thread) {
  if (recorder_table != NULL) remove_named(&threads, (uint64_t)thread);
}

EXPORTED int pthread_join(pthread_t thread, void **result) {
  int error = NEXT(pthread_join)(thread, result);
  if (error == 0) reaped(thread);
  return error;
}

EXPORTED int thrd_join(thrd_t thread, int *result) {
  int outcome = NEXT(thrd_join)(thread, result);
  if (outcome == thrd_success) reaped(thread);
  return outcome;
}

/* One that has ended goes with it; one that has not yet begun is known from now on. */
EXPORTED int pthread_detach(pthread_t thread) {
  if (recorder_table != NULL) {
    long at = find_named(&threads, (uint64_t)thread);
    if (at < 0) add_named(&threads, (uint64_t)thread, 0, DETACHED);
    else if (atomic_load(&threads.sizes[at]) == ENDED) atomic_store(&threads.ids[at], 0);
    else atomic_store(&threads.sizes[at], DETACHED);
  }
  return NEXT(pthread_detach)(thread);
}
