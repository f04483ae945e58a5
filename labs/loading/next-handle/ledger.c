#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static void *(*next_malloc)(size_t);

/* Gives out memory that holds nothing old. */
void *malloc(size_t size) {
  if (next_malloc == NULL) *(void **)&next_malloc = dlsym(RTLD_NEXT, "malloc");
  void *memory = next_malloc(size);
  return memory == NULL ? NULL : memset(memory, 0, size);
}
