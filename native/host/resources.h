/* What the process holds at one moment: counted from outside where it can be, without disturbing what is counted. */
#ifndef SOLDER_RESOURCES_H
#define SOLDER_RESOURCES_H

#include <stdbool.h>
#include <stdint.h>

/* In the order of the records of a soak. UNKNOWN_RESOURCE: this C library does not tell. */
struct resources {
  /* Thread-specific keys in use, of the `most_keys` that there are. */
  uint64_t keys;
  uint64_t threads;
  /* Mappings, and bytes in them. */
  uint64_t mappings;
  uint64_t mapped;
  /* Objects that the loader knows, and how many it has ever added and removed. */
  uint64_t link_maps;
  uint64_t added;
  uint64_t removed;
  /* The highest number of a TLS module. */
  uint64_t tls_modules;
  /* Bytes in use in the C library's heap, and bytes that the heap has from the system. */
  uint64_t heap;
  uint64_t arena;
  /* Resident bytes of the process. */
  uint64_t resident;
  uint64_t descriptors;
  /* Signals that are ignored since the measurements were prepared, or have another handler, in no object. */
  uint64_t handlers;
};

#define UNKNOWN_RESOURCE UINT64_MAX

/* Opens what is read again and again, and remembers what handles each signal now. */
bool prepare_resources(void);

/* Signal handlers are up to date within 8 measurements, and mappings whose number changes while their size does
   not within 32, or when it is done thoroughly; everything else always. */
void measure_resources(struct resources *resources, bool thorough);

/* Threads of the process, at the cost of one system call. */
uint64_t count_threads(void);

/* PTHREAD_KEYS_MAX of the C library. */
uint32_t most_keys(void);

/* Signals are numbered from 1 (signal(7)). */
enum { LAST_SIGNAL = 64 };

/* Whether the signal is handled otherwise than when the measurements were prepared. */
bool is_handled_otherwise(int signal);

/* What is done with a signal now: a handler is code of a library that is there, or gone. The numbers are those of
   the protocol. */
enum disposition { DISPOSITION_DEFAULT, DISPOSITION_IGNORED, DISPOSITION_HANDLER, DISPOSITION_GONE };
enum disposition disposition_of(int signal);

#endif
