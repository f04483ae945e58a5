/* The process's memory, and malloc(3) and free(3) of its C library. */
#include <stdlib.h>

#include "operations.h"
#include "safe-memory.h"

static enum status bad_address(struct buffer *reply, uintptr_t address) {
  put_u64(reply, address);
  return STATUS_BAD_ADDRESS;
}

enum status read_memory(struct request *request, struct buffer *reply) {
  uintptr_t address = get_u64(request);
  size_t size = get_u32(request);
  if (request->malformed) return STATUS_MALFORMED;
  if (!buffer_reserve(reply, size)) return STATUS_NO_MEMORY;
  size_t count = copy_from(reply->data + reply->size, address, size);
  if (count < size) return bad_address(reply, address + count);
  reply->size += size;
  return STATUS_DONE;
}

enum status write_memory(struct request *request, struct buffer *reply) {
  uintptr_t address = get_u64(request);
  size_t size = (size_t)(request->end - request->at);
  if (request->malformed) return STATUS_MALFORMED;
  size_t count = copy_to(address, request->at, size);
  return count < size ? bad_address(reply, address + count) : STATUS_DONE;
}

enum status read_string(struct request *request, struct buffer *reply) {
  uintptr_t address = get_u64(request);
  uintptr_t bad;
  size_t start = reply->size;
  if (request->malformed) return STATUS_MALFORMED;
  if (put_foreign_string(reply, address, &bad)) return STATUS_DONE;
  reply->size = start;
  return bad_address(reply, bad);
}

enum status allocate_memory(struct request *request, struct buffer *reply) {
  size_t size = get_u64(request);
  if (request->malformed) return STATUS_MALFORMED;
  void *memory = malloc(size > 0 ? size : 1);
  if (memory == NULL) return STATUS_NO_MEMORY;
  put_address(reply, memory);
  return STATUS_DONE;
}

enum status free_memory(struct request *request, struct buffer *reply) {
  (void)reply;
  void *memory = get_address(request);
  if (request->malformed) return STATUS_MALFORMED;
  free(memory);
  return STATUS_DONE;
}
