/* One request: its operation and a reader over its fields. */
#ifndef SOLDER_REQUEST_H
#define SOLDER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request {
  uint32_t id;
  uint32_t operation;
  const unsigned char *at;
  const unsigned char *end;
  /* A field was missing or wrong; what was read since is zero. */
  bool malformed;
};

uint8_t get_u8(struct request *request);
uint32_t get_u32(struct request *request);
uint64_t get_u64(struct request *request);
void *get_address(struct request *request);
const unsigned char *get_bytes(struct request *request, size_t size);
/* A string that the request holds with its NUL; NULL where it says that there is none. */
const char *get_string(struct request *request);

#endif
