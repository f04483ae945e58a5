/* Memory that may not be there. */
#ifndef SOLDER_SAFE_MEMORY_H
#define SOLDER_SAFE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

/* Moves the two ends of a pipe to file descriptors from `lowest` on. */
bool prepare_safe_memory(int lowest);

/* How many of `size` bytes could be copied: fewer than asked for when memory ends. */
size_t copy_from(void *to, uintptr_t from, size_t size);
size_t copy_to(uintptr_t to, const void *from, size_t size);

/* Adds length and bytes of the string at `address`; false when memory ends before the string does. */
bool put_foreign_string(struct buffer *reply, uintptr_t address, uintptr_t *bad_address);

#endif
