/* The next definition of a function, looked up once. */
#ifndef SOLDER_RECORDER_NEXT_H
#define SOLDER_RECORDER_NEXT_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>

#define NEXT(name)                                                                        \
  ({                                                                                      \
    static _Atomic(uintptr_t) known;                                                      \
    uintptr_t address = atomic_load_explicit(&known, memory_order_relaxed);               \
    if (address == 0) {                                                                   \
      address = (uintptr_t)dlsym(RTLD_NEXT, #name);                                       \
      atomic_store_explicit(&known, address, memory_order_relaxed);                       \
    }                                                                                     \
    (__typeof__(&name))address;                                                           \
  })

#define EXPORTED __attribute__((visibility("default")))

#endif
