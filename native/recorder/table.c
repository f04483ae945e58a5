#include "table.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Entries of one cache line, and how many lines are looked at: a thing is found there or nowhere. */
enum { LINE = 8, LINES = 4 };
/* An entry that is being written. */
#define BUSY ((uint64_t)1)

struct recorder_file *recorder_table;
struct named threads, mappings, blocks;

static void stop_recording(void) { recorder_table = NULL; }

__attribute__((constructor)) static void map_table(void) {
  const char *path = getenv("SOLDER_RECORDER");
  if (path == NULL) return;
  /* Not by open(2), which is interposed here. */
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  /* Populated: pages that come in one by one would count as growth. */
  struct recorder_file *file = (void *)syscall(SYS_mmap, NULL, sizeof *file, PROT_READ | PROT_WRITE,
                                               MAP_SHARED | MAP_POPULATE, fd, 0);
  syscall(SYS_close, fd);
  if (file == MAP_FAILED) return;
  threads = (struct named){file->thread_ids, file->thread_sites, file->thread_states, THREADS};
  mappings = (struct named){file->mapping_ids, file->mapping_sites, file->mapping_sizes, MAPPINGS};
  blocks = (struct named){file->block_ids, file->block_sites, file->block_sizes, BLOCKS};
  file->magic = RECORDER_MAGIC;
  pthread_atfork(NULL, NULL, stop_recording);
  recorder_table = file;
}

void set_site(_Atomic(site) *table, size_t size, long number, site made_by) {
  if (number < 0) return;
  if ((size_t)number < size) atomic_store_explicit(&table[number], made_by, memory_order_relaxed);
  else if (made_by != 0) atomic_fetch_add(&recorder_table->missed, 1);
}

/* Addresses are multiples of 16 at least: a multiplication spreads them (Knuth, 6.4). */
static uint32_t line_of(const struct named *named, uint64_t id, uint32_t number) {
  uint64_t spread = (id >> 4) * 0x9e3779b97f4a7c15u;
  return (uint32_t)((spread >> 32) + number) % (named->capacity / LINE) * LINE;
}

long add_named(struct named *named, uint64_t id, site made_by, uint64_t size) {
  for (uint32_t number = 0; number < LINES; number++) {
    uint32_t line = line_of(named, id, number);
    for (uint32_t at = line; at < line + LINE; at++) {
      uint64_t expected = atomic_load_explicit(&named->ids[at], memory_order_relaxed);
      if (expected != 0 || !atomic_compare_exchange_strong(&named->ids[at], &expected, BUSY)) continue;
      named->sites[at] = made_by;
      atomic_store_explicit(&named->sizes[at], size, memory_order_relaxed);
      atomic_store(&named->ids[at], id);
      return at;
    }
  }
  atomic_fetch_add(&recorder_table->missed, 1);
  return -1;
}

long find_named(struct named *named, uint64_t id) {
  for (uint32_t number = 0; number < LINES; number++) {
    uint32_t line = line_of(named, id, number);
    for (uint32_t at = line; at < line + LINE; at++)
      if (atomic_load_explicit(&named->ids[at], memory_order_relaxed) == id) return at;
  }
  return -1;
}

void remove_named(struct named *named, uint64_t id) {
  if (id == 0) return;
  long at = find_named(named, id);
  if (at >= 0) atomic_store(&named->ids[at], 0);
}
