/* Calls of foreign functions. The calling conventions of x86-64 (System V psABI, 3.2.3) and aarch64 (AAPCS64,
   6.4) number integer and floating registers apart, so one call that fills all of them serves every signature
   that needs no stack. It is made through a variadic type, which differs in one point only: on x86-64 register
   al holds the number of floating arguments, which printf and its like look at. */
#include "call.h"

#include <errno.h>
#include <string.h>

#include "operations.h"
#include "safe-memory.h"

typedef long integer_function(long, ...);
typedef double double_function(long, ...);
typedef float float_function(long, ...);

#define REGISTERS(r)                                                                                       \
  (r).integers[0], (r).integers[1], (r).integers[2], (r).integers[3], (r).integers[4], (r).integers[5],    \
      (r).floats[0], (r).floats[1], (r).floats[2], (r).floats[3], (r).floats[4], (r).floats[5],            \
      (r).floats[6], (r).floats[7]

/* The largest alignment that a type has without asking for more. */
enum { ALIGNMENT = _Alignof(max_align_t) };

/* Copies of `bytes` arguments, one behind the other. */
static struct buffer copies;

static bool add_bytes(struct call *call, struct request *request, uint8_t position, bool back) {
  uint32_t size = get_u32(request);
  const unsigned char *bytes = get_bytes(request, size);
  if (request->malformed) return true;
  static const unsigned char padding[ALIGNMENT];
  size_t offset = copies.size;
  put_bytes(&copies, bytes, size);
  /* At least one byte, so that every copy has an address of its own. */
  put_bytes(&copies, padding, ALIGNMENT - size % ALIGNMENT);
  call->is_copy[call->integers] = true;
  call->registers.integers[call->integers++] = (long)offset;
  if (back) call->returned[call->returned_count++] = (struct returned_bytes){offset, size, position};
  return !copies.overflowed;
}

static bool add_argument(struct call *call, struct request *request, uint8_t position) {
  uint8_t kind = get_u8(request);
  bool is_floating = kind == ARGUMENT_DOUBLE || kind == ARGUMENT_FLOAT;
  bool is_full = is_floating ? call->floats == FLOATING_REGISTERS : call->integers == INTEGER_REGISTERS;
  if (kind > ARGUMENT_BYTES_BACK || is_full) {
    request->malformed = true;
    return true;
  }
  if (kind == ARGUMENT_BYTES || kind == ARGUMENT_BYTES_BACK)
    return add_bytes(call, request, position, kind == ARGUMENT_BYTES_BACK);
  uint64_t bits = get_u64(request);
  if (is_floating) memcpy(&call->registers.floats[call->floats++], &bits, sizeof bits);
  else call->registers.integers[call->integers++] = (long)bits;
  return true;
}

uint64_t perform_call(void *function, const struct call *call) {
  const struct registers *registers = &call->registers;
  uint64_t bits = 0;
  if (call->result == RESULT_DOUBLE) {
    double value = ((double_function *)function)(REGISTERS(*registers));
    memcpy(&bits, &value, sizeof value);
  } else if (call->result == RESULT_FLOAT) {
    float value = ((float_function *)function)(REGISTERS(*registers));
    memcpy(&bits, &value, sizeof value);
  } else {
    bits = (uint64_t)((integer_function *)function)(REGISTERS(*registers));
  }
  return bits;
}

static enum status put_result(struct buffer *reply, enum result result, uint64_t bits) {
  if (result != RESULT_STRING) {
    put_u64(reply, bits);
    return STATUS_DONE;
  }
  put_u8(reply, bits != 0);
  size_t start = reply->size;
  uintptr_t bad;
  if (bits == 0 || put_foreign_string(reply, bits, &bad)) return STATUS_DONE;
  reply->size = start - 1;
  put_u64(reply, bad);
  return STATUS_BAD_ADDRESS;
}

enum status read_call(struct request *request, struct call *call) {
  *call = (struct call){.result = get_u8(request)};
  uint8_t count = get_u8(request);
  copies.size = 0;
  copies.overflowed = false;
  for (uint8_t position = 0; position < count; position++)
    if (!add_argument(call, request, position)) return STATUS_NO_MEMORY;
  if (request->malformed || call->result > RESULT_STRING) return STATUS_MALFORMED;
  for (unsigned index = 0; index < call->integers; index++)
    if (call->is_copy[index]) call->registers.integers[index] += (long)copies.data;
  return STATUS_DONE;
}

enum status call_function(struct request *request, struct buffer *reply) {
  void *function = get_address(request);
  struct call call;
  enum status readable = read_call(request, &call);
  if (readable != STATUS_DONE) return readable;

  errno = 0;
  uint64_t bits = perform_call(function, &call);
  int error = errno;

  put_u32(reply, (uint32_t)error);
  if (reply->overflowed) return STATUS_NO_MEMORY;
  size_t start = reply->size - sizeof(uint32_t);
  for (unsigned index = 0; index < call.returned_count; index++) {
    const struct returned_bytes *back = &call.returned[index];
    put_u8(reply, back->position);
    put_u32(reply, back->size);
    put_bytes(reply, copies.data + back->offset, back->size);
  }
  put_u8(reply, UINT8_MAX);
  size_t before = reply->size;
  enum status status = put_result(reply, call.result, bits);
  if (status == STATUS_BAD_ADDRESS) {
    memmove(reply->data + start, reply->data + before, reply->size - before);
    reply->size -= before - start;
  }
  return status;
}
