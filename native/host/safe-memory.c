/* The kernel checks addresses where a signal handler would have to guess: what cannot be read does not get
   into a pipe, what cannot be written does not come out of it. process_vm_readv(2) would do the same, where
   no filter or emulator forbids it. */
#include "safe-memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "descriptors.h"
#include "system-calls.h"

/* An empty pipe takes so many bytes at once (pipe(7), PIPE_BUF), and every page is a multiple of it. */
enum { PIECE = 4096 };

static int pipe_in = -1;
static int pipe_out = -1;

bool prepare_safe_memory(int lowest) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  pipe_out = raise_descriptor(ends[0], lowest);
  pipe_in = raise_descriptor(ends[1], lowest);
  return pipe_in >= 0 && pipe_out >= 0;
}

static long transfer(long (*move)(int, void *, size_t), int fd, void *data, size_t size) {
  long count;
  do count = move(fd, data, size);
  while (count == -EINTR);
  return count;
}

static long push(int fd, void *data, size_t size) { return sys_write(fd, data, size); }
static long pull(int fd, void *data, size_t size) { return sys_read(fd, data, size); }

static size_t piece_at(uintptr_t address, size_t left) {
  size_t piece = PIECE - address % PIECE;
  return left < piece ? left : piece;
}

size_t copy_from(void *to, uintptr_t from, size_t size) {
  for (size_t done = 0; done < size;) {
    size_t piece = piece_at(from + done, size - done);
    long count = transfer(push, pipe_in, (void *)(from + done), piece);
    if (count <= 0) return done;
    if (transfer(pull, pipe_out, (char *)to + done, (size_t)count) != count) return done;
    done += (size_t)count;
  }
  return size;
}

size_t copy_to(uintptr_t to, const void *from, size_t size) {
  for (size_t done = 0; done < size;) {
    size_t piece = piece_at(to + done, size - done);
    if (transfer(push, pipe_in, (char *)from + done, piece) != (long)piece) return done;
    long count = transfer(pull, pipe_out, (void *)(to + done), piece);
    if (count != (long)piece) {
      char rest[PIECE];
      transfer(pull, pipe_out, rest, count > 0 ? piece - (size_t)count : piece);
      return done + (count > 0 ? (size_t)count : 0);
    }
    done += piece;
  }
  return size;
}

bool put_foreign_string(struct buffer *reply, uintptr_t address, uintptr_t *bad_address) {
  size_t length_at = reply->size;
  uint32_t length = 0;
  put_u32(reply, 0);
  for (;;) {
    size_t piece = piece_at(address + length, PIECE);
    if (!buffer_reserve(reply, piece)) {
      reply->overflowed = true;
      return true;
    }
    unsigned char *bytes = reply->data + reply->size;
    size_t count = copy_from(bytes, address + length, piece);
    const unsigned char *end = memchr(bytes, 0, count);
    if (end != NULL) count = (size_t)(end - bytes);
    length += (uint32_t)count;
    reply->size += count;
    if (end != NULL) break;
    if (count < piece) {
      *bad_address = address + length;
      return false;
    }
  }
  memcpy(reply->data + length_at, &length, sizeof length);
  return true;
}
