#include "request.h"

#include <string.h>

const unsigned char *get_bytes(struct request *request, size_t size) {
  if ((size_t)(request->end - request->at) < size) {
    request->malformed = true;
    return NULL;
  }
  const unsigned char *bytes = request->at;
  request->at += size;
  return bytes;
}

static void get(struct request *request, void *value, size_t size) {
  const unsigned char *bytes = get_bytes(request, size);
  if (bytes != NULL) memcpy(value, bytes, size);
}

uint8_t get_u8(struct request *request) {
  uint8_t value = 0;
  get(request, &value, sizeof value);
  return value;
}

uint32_t get_u32(struct request *request) {
  uint32_t value = 0;
  get(request, &value, sizeof value);
  return value;
}

uint64_t get_u64(struct request *request) {
  uint64_t value = 0;
  get(request, &value, sizeof value);
  return value;
}

void *get_address(struct request *request) { return (void *)(uintptr_t)get_u64(request); }

const char *get_string(struct request *request) {
  uint32_t size = get_u32(request);
  if (size == 0) return NULL;
  const unsigned char *bytes = get_bytes(request, size);
  if (bytes == NULL) return NULL;
  if (memchr(bytes, 0, size) != bytes + size - 1) {
    request->malformed = true;
    return NULL;
  }
  return (const char *)bytes;
}
