/* Blocks of the heap, and mappings. */
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "caller.h"
#include "next.h"

/* dlsym(3) may want memory while the functions that give it are looked up. */
static char early[4096];
static _Atomic(size_t) early_used;
static _Thread_local bool is_looking_up __attribute__((tls_model("initial-exec")));

static void *early_block(size_t size) {
  size_t at = atomic_fetch_add(&early_used, (size + 15) & ~(size_t)15);
  return at + size <= sizeof early ? early + at : NULL;
}

static bool is_early(const void *block) {
  return (const char *)block >= early && (const char *)block < early + sizeof early;
}

#define NEXT_ALLOCATOR(name)                        \
  ({                                                \
    is_looking_up = true;                           \
    __typeof__(&name) function = NEXT(name);        \
    is_looking_up = false;                          \
    function;                                       \
  })

static void *made(void *block, size_t size, site made_by) {
  if (block != NULL && recorder_table != NULL) add_named(&blocks, (uint64_t)block, made_by, size);
  return block;
}

static void gone(void *block) {
  if (recorder_table != NULL) remove_named(&blocks, (uint64_t)block);
}

EXPORTED void *malloc(size_t size) {
  if (is_looking_up) return early_block(size);
  return made(NEXT_ALLOCATOR(malloc)(size), size, CALLER);
}

EXPORTED void *calloc(size_t count, size_t size) {
  if (is_looking_up) return early_block(count * size);
  return made(NEXT_ALLOCATOR(calloc)(count, size), count * size, CALLER);
}

EXPORTED void *realloc(void *block, size_t size) {
  if (is_early(block)) {
    void *copy = malloc(size);
    if (copy != NULL) memcpy(copy, block, size < sizeof early ? size : sizeof early);
    return copy;
  }
  gone(block);
  void *moved = NEXT_ALLOCATOR(realloc)(block, size);
  /* What could not grow is still there. */
  if (moved == NULL && size > 0) made(block, malloc_usable_size(block), CALLER);
  return made(moved, size, CALLER);
}

EXPORTED void free(void *block) {
  if (block == NULL || is_early(block)) return;
  gone(block);
  NEXT_ALLOCATOR(free)(block);
}

EXPORTED void *aligned_alloc(size_t alignment, size_t size) {
  return made(NEXT_ALLOCATOR(aligned_alloc)(alignment, size), size, CALLER);
}

EXPORTED void *memalign(size_t alignment, size_t size) {
  return made(NEXT_ALLOCATOR(memalign)(alignment, size), size, CALLER);
}

EXPORTED void *valloc(size_t size) { return made(NEXT_ALLOCATOR(valloc)(size), size, CALLER); }

EXPORTED void *pvalloc(size_t size) { return made(NEXT_ALLOCATOR(pvalloc)(size), size, CALLER); }

EXPORTED int posix_memalign(void **block, size_t alignment, size_t size) {
  int error = NEXT_ALLOCATOR(posix_memalign)(block, alignment, size);
  if (error == 0) made(*block, size, CALLER);
  return error;
}

static void *mapped(void *address, size_t size, site made_by) {
  if (address != MAP_FAILED && recorder_table != NULL) {
    remove_named(&mappings, (uint64_t)address);
    add_named(&mappings, (uint64_t)address, made_by, size);
  }
  return address;
}

EXPORTED void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
  return mapped(NEXT(mmap)(address, size, protection, flags, fd, offset), size, CALLER);
}

EXPORTED void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset) {
  return mapped(NEXT(mmap64)(address, size, protection, flags, fd, offset), size, CALLER);
}

/* A mapping that is taken out of the table while it is changed: another thread may get its address at once. */
struct taken {
  size_t size;
  site made_by;
};

static struct taken take(void *address) {
  long at = recorder_table == NULL ? -1 : find_named(&mappings, (uint64_t)address);
  if (at < 0) return (struct taken){0, 0};
  struct taken taken = {mappings.sizes[at], mappings.sites[at]};
  remove_named(&mappings, (uint64_t)address);
  return taken;
}

static void put_back(const struct taken *taken, uintptr_t address, size_t size) {
  if (taken->size > 0) add_named(&mappings, address, taken->made_by, size);
}

/* What is cut off at the front leaves the rest to whoever made the whole. */
EXPORTED int munmap(void *address, size_t size) {
  struct taken taken = take(address);
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t cut = (size + page - 1) / page * page;
  int error = NEXT(munmap)(address, size);
  if (error != 0) put_back(&taken, (uintptr_t)address, taken.size);
  else if (cut < taken.size) put_back(&taken, (uintptr_t)address + cut, taken.size - cut);
  return error;
}

/* With an old size of 0 the old one stays (mremap(2)). */
EXPORTED void *mremap(void *address, size_t old_size, size_t size, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  void *wanted = va_arg(arguments, void *);
  va_end(arguments);
  struct taken taken = old_size == 0 ? (struct taken){0, 0} : take(address);
  void *moved = NEXT(mremap)(address, old_size, size, flags, wanted);
  if (moved == MAP_FAILED) put_back(&taken, (uintptr_t)address, taken.size);
  return mapped(moved, size, CALLER);
}

EXPORTED void *shmat(int segment, const void *address, int flags) {
  void *memory = NEXT(shmat)(segment, address, flags);
  struct shmid_ds status;
  size_t size = memory == MAP_FAILED || shmctl(segment, IPC_STAT, &status) != 0 ? 0 : status.shm_segsz;
  return mapped(memory, size, CALLER);
}

EXPORTED int shmdt(const void *address) {
  if (recorder_table != NULL) remove_named(&mappings, (uint64_t)address);
  return NEXT(shmdt)(address);
}
