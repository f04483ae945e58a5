/* What exists and who made it, in a file that is mapped into memory: it outlives the process. The reader is
   src/run/soak/recorder-file.ts, docs/host-protocol.md describes the layout. */
#ifndef SOLDER_RECORDER_TABLE_H
#define SOLDER_RECORDER_TABLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  RECORDER_MAGIC = 0x52444c53 /* "SLDR" */,
  MOST_OBJECTS = 128,
  PATH_SIZE = 512,
  /* Key numbers, descriptor numbers and signal numbers from 0 on; what lies beyond is not recorded. */
  KEYS = 1024,
  DESCRIPTORS = 16384,
  SIGNALS = 65,
  /* Things that are known by an address. */
  THREADS = 8192,
  MAPPINGS = 8192,
  BLOCKS = 1 << 18,
  /* Stretches of code that work for others. */
  PASSED = 4096,
};

/* An instruction: number of the object + 1 in the upper 16 bits, below it the address that the file gives it.
   0: nobody, or the thing is gone. */
typedef uint64_t site;

/* A thing that is known by an address. `id` is 0 for a free entry, or the address. */
struct named {
  _Atomic(uint64_t) *ids;
  uint64_t *sites;
  /* Bytes; of a thread whether it runs (1), has ended and was not joined (2), or is detached (3). */
  _Atomic(uint64_t) *sizes;
  uint32_t capacity;
};

struct object_name {
  char path[PATH_SIZE];
};

struct recorder_file {
  uint32_t magic;
  _Atomic(uint32_t) objects;
  /* Things that found no entry: the tables tell not all. */
  _Atomic(uint32_t) missed;
  /* Written by the reader beforehand: where the functions of a C++ run time lie that is linked into one object, as
     the file has it, from the lowest address up: the first byte of each stretch, and the first behind it. */
  uint32_t passed_count;
  struct object_name names[MOST_OBJECTS];
  struct object_name passed_object;
  uint64_t passed[PASSED][2];
  _Atomic(site) keys[KEYS];
  _Atomic(site) descriptors[DESCRIPTORS];
  _Atomic(site) signals[SIGNALS];
  _Atomic(uint64_t) thread_ids[THREADS];
  uint64_t thread_sites[THREADS];
  _Atomic(uint64_t) thread_states[THREADS];
  _Atomic(uint64_t) mapping_ids[MAPPINGS];
  uint64_t mapping_sites[MAPPINGS];
  _Atomic(uint64_t) mapping_sizes[MAPPINGS];
  _Atomic(uint64_t) block_ids[BLOCKS];
  uint64_t block_sites[BLOCKS];
  _Atomic(uint64_t) block_sizes[BLOCKS];
};

/* NULL before the process is ready, and in a process that was forked from it. */
extern struct recorder_file *recorder_table;
extern struct named threads, mappings, blocks;

void set_site(_Atomic(site) *table, size_t size, long number, site made_by);

/* The entry of what was put in, or -1 when there was no room. */
long add_named(struct named *named, uint64_t id, site made_by, uint64_t size);
/* The entry of an address, or -1. */
long find_named(struct named *named, uint64_t id);
void remove_named(struct named *named, uint64_t id);

#endif
