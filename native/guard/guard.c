/*
 * Gives back the thread-specific keys of one library when it is unloaded.
 *
 * Link this file into the library, with
 *   -Wl,--wrap=pthread_key_create,--wrap=pthread_key_delete,--wrap=tss_create,--wrap=tss_delete
 * The linker then leads every call of these functions in the library, and in the archives that become part of
 * it (a static C++ runtime, emulated thread-local storage), to the functions below. They remember which keys
 * exist; a destructor deletes those that are left.
 *
 * C11 without any runtime but libc. Everything is hidden: two guarded libraries in one process know nothing of
 * each other. There are no locks, so that any thread may create keys at any time, and a signal handler or the
 * child of a fork never waits for somebody who is gone.
 *
 * What it cannot do: values that other threads have under a key are not destroyed, since only they can reach
 * them; their destructors are not called any more either, when the code of these is gone. A process that ends
 * by exit runs the destructor too: threads that still run code of the library then find its keys deleted.
 *
 * -DSOLDER_GUARD_KEEP_VALUES: do not call the keys' destructors for the values of the thread that unloads.
 */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* As many as any C library gives to a process: glibc 1024, musl, bionic and OpenHarmony 128. */
#define SLOTS 1024

/* How often a thread's end goes through its values, since a destructor may set others. */
#ifdef PTHREAD_DESTRUCTOR_ITERATIONS
#define ROUNDS PTHREAD_DESTRUCTOR_ITERATIONS
#else
#define ROUNDS 4
#endif

typedef void destructor(void *);

/*
 * A slot belongs to whoever made it BUSY, until it is USED. A number of a key is in one slot at most: it is
 * taken out before the key is deleted. Words of 32 bits, which every machine changes in one step.
 */
enum { FREE, BUSY, USED };

static struct {
  _Atomic(unsigned) state;
  _Atomic(pthread_key_t) key;
  destructor *destroy;
} slots[SLOTS];

/* The functions themselves, by the names that --wrap gives them. Not every C library has those of C11. */
int __real_pthread_key_create(pthread_key_t *, destructor *);
int __real_pthread_key_delete(pthread_key_t);
__attribute__((weak)) int __real_tss_create(pthread_key_t *, destructor *);
__attribute__((weak)) void __real_tss_delete(pthread_key_t);

#define HIDDEN __attribute__((visibility("hidden")))
HIDDEN int __wrap_pthread_key_create(pthread_key_t *, destructor *);
HIDDEN int __wrap_pthread_key_delete(pthread_key_t);
HIDDEN int __wrap_tss_create(pthread_key_t *, destructor *);
HIDDEN void __wrap_tss_delete(pthread_key_t);

static bool turn(int at, unsigned from, unsigned to) {
  return atomic_compare_exchange_strong(&slots[at].state, &from, to);
}

static void remember(pthread_key_t key, destructor *destroy) {
  for (int at = 0; at < SLOTS; at++) {
    if (!turn(at, FREE, BUSY)) continue;
    atomic_store(&slots[at].key, key);
    slots[at].destroy = destroy;
    atomic_store(&slots[at].state, USED);
    return;
  }
}

static void forget(pthread_key_t key) {
  for (int at = 0; at < SLOTS; at++) {
    if (atomic_load(&slots[at].state) != USED || atomic_load(&slots[at].key) != key) continue;
    if (turn(at, USED, FREE)) return;
  }
}

int __wrap_pthread_key_create(pthread_key_t *key, destructor *destroy) {
  int error = __real_pthread_key_create(key, destroy);
  if (error == 0) remember(*key, destroy);
  return error;
}

/* Forgotten first: once the number is given back, another thread may get it at once. */
int __wrap_pthread_key_delete(pthread_key_t key) {
  forget(key);
  return __real_pthread_key_delete(key);
}

int __wrap_tss_create(pthread_key_t *key, destructor *destroy) {
  int outcome = __real_tss_create(key, destroy);
  /* thrd_success is 0 in glibc, musl, bionic and OpenHarmony. */
  if (outcome == 0) remember(*key, destroy);
  return outcome;
}

void __wrap_tss_delete(pthread_key_t key) {
  forget(key);
  __real_tss_delete(key);
}

#ifndef SOLDER_GUARD_KEEP_VALUES
/* What the end of this thread would do. All keys are still there: one destructor may use another's value. */
static bool end_values(void) {
  bool any = false;
  for (int at = 0; at < SLOTS; at++) {
    if (atomic_load(&slots[at].state) != USED || slots[at].destroy == NULL) continue;
    pthread_key_t key = atomic_load(&slots[at].key);
    void *value = pthread_getspecific(key);
    if (value == NULL) continue;
    any = true;
    pthread_setspecific(key, NULL);
    slots[at].destroy(value);
  }
  return any;
}
#endif

/*
 * 101 is the last of all destructors that a library may have: those of C++ statics, of thread-local objects and
 * of atexit have run, and whatever they created is in the table.
 */
__attribute__((destructor(101))) static void give_back(void) {
#ifndef SOLDER_GUARD_KEEP_VALUES
  for (int round = 0; round < ROUNDS && end_values(); round++) continue;
#endif
  for (int at = 0; at < SLOTS; at++) {
    if (turn(at, USED, FREE)) __real_pthread_key_delete(atomic_load(&slots[at].key));
  }
}
