/*
 * Gives back the thread-specific keys of libraries that were unloaded: for plugins that cannot be rebuilt.
 *
 * A shared library for LD_PRELOAD, or for the host to link with. Its pthread_key_create and tss_create remember
 * whose each key is: the object's that holds the variable of the key, or else the caller's. After every dlclose
 * the keys of objects that are gone are deleted. A key's destructor is called through a function of this
 * library, so that a thread that ends meanwhile does not run into code that is not there any more. When an
 * object is finalised within a dlclose, the destructors of its keys are called for the values of the thread that
 * closes, as at that thread's end: later nobody could. The values of other threads are not destroyed.
 *
 * Nothing is allocated and nothing is locked besides the loader's own list of objects. Libraries that the C
 * library closes for itself are noticed at the next dlclose. Other namespaces (dlmopen) do not see this library.
 * An object without start-up code (-nostartfiles) that another thread opens again at the same addresses, before
 * this thread's dlclose has returned, passes for the one that was closed: its keys then stay until it is gone too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* glibc's PTHREAD_KEYS_MAX; the others have fewer. */
#define SLOTS 1024

typedef void destructor(void *);
typedef int key_create(pthread_key_t *, destructor *);
typedef int key_delete(pthread_key_t);

/* An object is known by where it lies: its base address and that of its program headers. */
struct object {
  ElfW(Addr) base;
  const ElfW(Phdr) *headers;
};

/*
 * `state` holds FREE; BUSY while the rest is being written; or USED with the key's number and a count that tells
 * one user of the slot from the next. The rest may be read at any time, and counts if `state` is still the same.
 */
#define FREE ((uint64_t)0)
#define BUSY ((uint64_t)1 << 62)
#define USED ((uint64_t)1 << 63)

static struct {
  _Atomic(uint64_t) state;
  /* NULL also when it may not be called any more. */
  _Atomic(uintptr_t) destroy;
  _Atomic(uintptr_t) base;
  _Atomic(uintptr_t) headers;
  /* The thread that finalised the owner, by its `closing`: the owner is gone once that dlclose has returned. */
  _Atomic(uintptr_t) closer;
} slots[SLOTS];

static _Atomic(uint32_t) uses;

/* How many calls of dlclose this thread is in: a destructor may close a library itself. */
static _Thread_local __attribute__((tls_model("initial-exec"))) int closing;

/* The next definition of a function, looked up once. */
#define NEXT(type, name) \
  static type *next_##name(void) { \
    static _Atomic(uintptr_t) known; \
    uintptr_t address = atomic_load_explicit(&known, memory_order_relaxed); \
    if (address == 0) { \
      address = (uintptr_t)dlsym(RTLD_NEXT, #name); \
      atomic_store_explicit(&known, address, memory_order_relaxed); \
    } \
    return (type *)address; \
  }

typedef void tss_deleter(pthread_key_t);
typedef int closer(void *);
typedef void finalizer(void *);
NEXT(key_create, pthread_key_create)
NEXT(key_delete, pthread_key_delete)
NEXT(key_create, tss_create)
NEXT(tss_deleter, tss_delete)
NEXT(closer, dlclose)
NEXT(finalizer, __cxa_finalize)

struct search {
  uintptr_t address;
  struct object found;
};

static int holds(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct search *search = data;
  for (int at = 0; at < info->dlpi_phnum; at++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[at];
    if (header->p_type != PT_LOAD) continue;
    if (search->address - (info->dlpi_addr + header->p_vaddr) >= header->p_memsz) continue;
    search->found = (struct object){info->dlpi_addr, info->dlpi_phdr};
    return 1;
  }
  return 0;
}

static bool find_object(uintptr_t address, struct object *object) {
  struct search search = {address, {0, NULL}};
  bool found = dl_iterate_phdr(holds, &search) != 0;
  if (object != NULL) *object = search.found;
  return found;
}

/* What a thread's end calls for the value of the key in a slot. */
__attribute__((noinline)) static void end_of_value(int at, void *value) {
  uintptr_t destroy = atomic_load(&slots[at].destroy);
  if (destroy != 0 && find_object(destroy, NULL)) ((destructor *)destroy)(value);
}

/* A destructor is not told which key it is called for: each slot has one of its own, end_000 to end_3ff. */
#define END(n) \
  static void end_##n(void *value) { end_of_value(0x##n, value); }
#define ENDS_16(n) \
  END(n##0) END(n##1) END(n##2) END(n##3) END(n##4) END(n##5) END(n##6) END(n##7) \
  END(n##8) END(n##9) END(n##a) END(n##b) END(n##c) END(n##d) END(n##e) END(n##f)
#define ENDS_256(n) \
  ENDS_16(n##0) ENDS_16(n##1) ENDS_16(n##2) ENDS_16(n##3) ENDS_16(n##4) ENDS_16(n##5) ENDS_16(n##6) \
  ENDS_16(n##7) ENDS_16(n##8) ENDS_16(n##9) ENDS_16(n##a) ENDS_16(n##b) ENDS_16(n##c) ENDS_16(n##d) \
  ENDS_16(n##e) ENDS_16(n##f)
ENDS_256(0) ENDS_256(1) ENDS_256(2) ENDS_256(3)

#define NAME(n) end_##n,
#define NAMES_16(n) \
  NAME(n##0) NAME(n##1) NAME(n##2) NAME(n##3) NAME(n##4) NAME(n##5) NAME(n##6) NAME(n##7) \
  NAME(n##8) NAME(n##9) NAME(n##a) NAME(n##b) NAME(n##c) NAME(n##d) NAME(n##e) NAME(n##f)
#define NAMES_256(n) \
  NAMES_16(n##0) NAMES_16(n##1) NAMES_16(n##2) NAMES_16(n##3) NAMES_16(n##4) NAMES_16(n##5) NAMES_16(n##6) \
  NAMES_16(n##7) NAMES_16(n##8) NAMES_16(n##9) NAMES_16(n##a) NAMES_16(n##b) NAMES_16(n##c) NAMES_16(n##d) \
  NAMES_16(n##e) NAMES_16(n##f)
static destructor *const ends[SLOTS] = {NAMES_256(0) NAMES_256(1) NAMES_256(2) NAMES_256(3)};

static int take_slot(void) {
  for (int at = 0; at < SLOTS; at++) {
    uint64_t expected = FREE;
    if (atomic_compare_exchange_strong(&slots[at].state, &expected, BUSY)) return at;
  }
  return -1;
}

/*
 * A key lives as long as the variable that it is kept in. A variable on the heap or on a stack tells nothing: then
 * it is the caller's, which may be the caller's caller where a function ends in a jump.
 */
static bool find_owner(const pthread_key_t *variable, uintptr_t caller, struct object *owner) {
  return find_object((uintptr_t)variable, owner) || find_object(caller, owner);
}

static int create(key_create *real, pthread_key_t *key, destructor *destroy, uintptr_t caller) {
  if (real == NULL) return ENOSYS;
  struct object owner;
  int at = find_owner(key, caller, &owner) ? take_slot() : -1;
  if (at < 0) return real(key, destroy);
  atomic_store(&slots[at].destroy, (uintptr_t)destroy);
  atomic_store(&slots[at].base, owner.base);
  atomic_store(&slots[at].headers, (uintptr_t)owner.headers);
  atomic_store(&slots[at].closer, 0);
  int error = real(key, destroy == NULL ? NULL : ends[at]);
  uint64_t count = (uint64_t)(atomic_fetch_add(&uses, 1) & 0x3fffffff) << 32;
  atomic_store(&slots[at].state, error != 0 ? FREE : USED | count | (uint32_t)*key);
  return error;
}

static void forget(pthread_key_t key) {
  for (int at = 0; at < SLOTS; at++) {
    uint64_t state = atomic_load(&slots[at].state);
    if ((state & USED) == 0 || (uint32_t)state != (uint32_t)key) continue;
    if (atomic_compare_exchange_strong(&slots[at].state, &state, FREE)) return;
  }
}

static bool owned_by(int at, ElfW(Addr) base, const ElfW(Phdr) *headers) {
  return atomic_load(&slots[at].base) == base && atomic_load(&slots[at].headers) == (uintptr_t)headers;
}

/* The values that this thread has under the keys of an object whose code is still there. */
static bool end_values(const struct object *owner) {
  bool any = false;
  for (int at = 0; at < SLOTS; at++) {
    uint64_t state = atomic_load(&slots[at].state);
    if ((state & USED) == 0 || !owned_by(at, owner->base, owner->headers)) continue;
    if (atomic_load(&slots[at].destroy) == 0) continue;
    pthread_key_t key = (pthread_key_t)(uint32_t)state;
    void *value = pthread_getspecific(key);
    if (value == NULL) continue;
    any = true;
    pthread_setspecific(key, NULL);
    end_of_value(at, value);
  }
  return any;
}

/*
 * An object that this thread closes has run its destructors. From here on no other thread's end may enter it, and
 * another object at the same addresses is not taken for it.
 */
static void end_object(const struct object *owner) {
  /* As often as a thread's end goes through its values, since a destructor may set others. */
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS && end_values(owner); round++) continue;
  for (int at = 0; at < SLOTS; at++) {
    uint64_t state = atomic_load(&slots[at].state);
    if ((state & USED) == 0 || !owned_by(at, owner->base, owner->headers)) continue;
    atomic_store(&slots[at].destroy, 0);
    atomic_store(&slots[at].closer, (uintptr_t)&closing);
  }
}

/* The keys at the start of a sweep, and whose owners were met since. */
struct sweep {
  uint64_t states[SLOTS];
  bool alive[SLOTS];
};

static int mark_alive(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  struct sweep *sweep = data;
  for (int at = 0; at < SLOTS; at++) {
    if (owned_by(at, info->dlpi_addr, info->dlpi_phdr)) sweep->alive[at] = true;
  }
  return 0;
}

/* Keys that are made while this goes on are not in `states`: nobody takes their owner for gone. */
static void sweep_keys(void) {
  struct sweep sweep = {{0}, {false}};
  bool any = false;
  for (int at = 0; at < SLOTS; at++) {
    sweep.states[at] = atomic_load(&slots[at].state);
    any = any || (sweep.states[at] & USED) != 0;
  }
  if (!any) return;
  dl_iterate_phdr(mark_alive, &sweep);
  for (int at = 0; at < SLOTS; at++) {
    uint64_t state = sweep.states[at];
    bool closed = atomic_load(&slots[at].closer) == (uintptr_t)&closing;
    if ((state & USED) == 0 || (sweep.alive[at] && !closed)) continue;
    if (atomic_compare_exchange_strong(&slots[at].state, &state, FREE)) {
      next_pthread_key_delete()((pthread_key_t)(uint32_t)state);
    }
  }
}

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int pthread_key_create(pthread_key_t *key, destructor *destroy) {
  return create(next_pthread_key_create(), key, destroy, (uintptr_t)__builtin_return_address(0));
}

EXPORTED int tss_create(pthread_key_t *key, destructor *destroy) {
  return create(next_tss_create(), key, destroy, (uintptr_t)__builtin_return_address(0));
}

/* Forgotten first: once the number is given back, another thread may get it at once. */
EXPORTED int pthread_key_delete(pthread_key_t key) {
  forget(key);
  return next_pthread_key_delete()(key);
}

EXPORTED void tss_delete(pthread_key_t key) {
  forget(key);
  next_tss_delete()(key);
}

EXPORTED int dlclose(void *handle) {
  closing++;
  int error = next_dlclose()(handle);
  closing--;
  /* What is closed within a dlclose goes only when that returns. */
  if (closing == 0) sweep_keys();
  return error;
}

/* Start-up code makes every object call this, with an address of its own, once its destructors are due. */
EXPORTED void __cxa_finalize(void *dso) {
  struct object object;
  next___cxa_finalize()(dso);
  if (closing > 0 && dso != NULL && find_object((uintptr_t)dso, &object)) end_object(&object);
}
