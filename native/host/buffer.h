/* A growing buffer in mappings of its own: the heap belongs to the foreign code, which may corrupt it, and
   whose size may be measured. */
#ifndef SOLDER_BUFFER_H
#define SOLDER_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
  unsigned char *data;
  size_t size;
  size_t capacity;
  /* There was no memory for something that should have been added. */
  bool overflowed;
};

/* Makes room for `extra` bytes behind `size`; addresses into the buffer are stale then. */
bool buffer_reserve(struct buffer *buffer, size_t extra);

void put_bytes(struct buffer *buffer, const void *bytes, size_t size);
void put_u8(struct buffer *buffer, uint8_t value);
void put_u32(struct buffer *buffer, uint32_t value);
void put_u64(struct buffer *buffer, uint64_t value);
void put_address(struct buffer *buffer, const void *address);
/* Length and bytes; NULL counts as empty. */
void put_string(struct buffer *buffer, const char *string);

#endif
