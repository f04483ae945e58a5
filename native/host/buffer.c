#include "buffer.h"

#include <string.h>

#include "system-calls.h"

enum { FIRST_CAPACITY = 1 << 16 };

bool buffer_reserve(struct buffer *buffer, size_t extra) {
  size_t needed = buffer->size + extra;
  if (needed < extra) return false;
  if (needed <= buffer->capacity) return true;
  size_t capacity = buffer->capacity == 0 ? FIRST_CAPACITY : buffer->capacity;
  while (capacity < needed) {
    if (capacity > SIZE_MAX / 2) return false;
    capacity *= 2;
  }
  void *data = buffer->data == NULL ? sys_map(capacity) : sys_enlarge(buffer->data, buffer->capacity, capacity);
  if (sys_failed(data)) return false;
  buffer->data = data;
  buffer->capacity = capacity;
  return true;
}

void put_bytes(struct buffer *buffer, const void *bytes, size_t size) {
  if (!buffer_reserve(buffer, size)) {
    buffer->overflowed = true;
    return;
  }
  if (size > 0) memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size += size;
}

void put_u8(struct buffer *buffer, uint8_t value) { put_bytes(buffer, &value, sizeof value); }
void put_u32(struct buffer *buffer, uint32_t value) { put_bytes(buffer, &value, sizeof value); }
void put_u64(struct buffer *buffer, uint64_t value) { put_bytes(buffer, &value, sizeof value); }
void put_address(struct buffer *buffer, const void *address) { put_u64(buffer, (uint64_t)(uintptr_t)address); }

void put_string(struct buffer *buffer, const char *string) {
  size_t size = string == NULL ? 0 : strlen(string);
  put_u32(buffer, (uint32_t)size);
  put_bytes(buffer, string, size);
}
