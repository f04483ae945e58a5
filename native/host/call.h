/* A call of a foreign function that was read from a request and can be made any number of times. */
#ifndef SOLDER_CALL_H
#define SOLDER_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "protocol.h"
#include "request.h"

struct registers {
  long integers[INTEGER_REGISTERS];
  /* A float is the low half of its register. */
  double floats[FLOATING_REGISTERS];
};

struct returned_bytes {
  size_t offset;
  uint32_t size;
  uint8_t position;
};

struct call {
  enum result result;
  struct registers registers;
  /* Integer registers that hold the offset of a copy until all copies are made. */
  bool is_copy[INTEGER_REGISTERS];
  unsigned integers;
  unsigned floats;
  struct returned_bytes returned[INTEGER_REGISTERS];
  unsigned returned_count;
};

/* Reads the kind of the result and the arguments. There is one call at a time: the next one takes its buffers. */
enum status read_call(struct request *request, struct call *call);

/* The bits of the result; what the function writes into a buffer, the next call finds there. */
uint64_t perform_call(void *function, const struct call *call);

#endif
