#include "channel.h"

#include <errno.h>
#include <string.h>

#include "system-calls.h"

/* The end of the file is the parent's wish, or its own end. Anything else is the work of foreign code. */
_Noreturn static void end(long result) {
  sys_exit(result == 0 || result == -EPIPE || result == -ECONNRESET ? 0 : STATUS_PIPES_LOST);
}

static void reserve(struct buffer *buffer, size_t extra) {
  if (!buffer_reserve(buffer, extra)) sys_exit(STATUS_OUT_OF_MEMORY);
}

/* Some bytes, at least one. */
static size_t read_some(const struct channel *channel, void *data, size_t size) {
  long count;
  do count = sys_read(channel->requests, data, size);
  while (count == -EINTR);
  if (count <= 0) end(count);
  return (size_t)count;
}

/* Moves the beginning of a request to the front of the buffer. */
static void drop_answered(struct channel *channel) {
  struct buffer *input = &channel->input;
  if (channel->next == 0) return;
  memmove(input->data, input->data + channel->next, input->size - channel->next);
  input->size -= channel->next;
  channel->next = 0;
}

/* A request of so many bytes, for which there is no memory: it is read to its end and answered. */
static void refuse(struct channel *channel, uint32_t id, size_t size) {
  struct buffer *input = &channel->input;
  size_t missing = size - input->size;
  input->size = 0;
  while (missing > 0) {
    size_t piece = missing < input->capacity ? missing : input->capacity;
    missing -= read_some(channel, input->data, piece);
  }
  finish_reply(channel, begin_reply(channel), id, STATUS_NO_MEMORY);
}

struct request receive(struct channel *channel) {
  struct buffer *input = &channel->input;
  for (;;) {
    size_t available = input->size - channel->next;
    uint32_t header[REQUEST_HEADER / sizeof(uint32_t)];
    if (available >= sizeof header) {
      const unsigned char *frame = input->data + channel->next;
      memcpy(header, frame, sizeof header);
      size_t size = sizeof(uint32_t) + header[0];
      if (size < sizeof header) sys_exit(STATUS_PIPES_LOST);
      if (available >= size) {
        channel->next += size;
        return (struct request){
            .id = header[1], .operation = header[2], .at = frame + sizeof header, .end = frame + size};
      }
      drop_answered(channel);
      if (!buffer_reserve(input, size - available)) {
        refuse(channel, header[1], size);
        continue;
      }
    } else {
      drop_answered(channel);
      reserve(input, REQUEST_HEADER);
    }
    flush_replies(channel);
    input->size += read_some(channel, input->data + input->size, input->capacity - input->size);
  }
}

size_t begin_reply(struct channel *channel) {
  struct buffer *output = &channel->output;
  output->overflowed = false;
  reserve(output, REPLY_HEADER);
  size_t start = output->size;
  output->size += REPLY_HEADER;
  return start;
}

void finish_reply(struct channel *channel, size_t start, uint32_t id, enum status status) {
  struct buffer *output = &channel->output;
  if (output->overflowed || output->size - start > UINT32_MAX) {
    output->size = start + REPLY_HEADER;
    status = STATUS_NO_MEMORY;
  }
  uint32_t header[REPLY_HEADER / sizeof(uint32_t)] = {
      (uint32_t)(output->size - start - sizeof(uint32_t)), id, status};
  memcpy(output->data + start, header, sizeof header);
}

void flush_replies(struct channel *channel) {
  struct buffer *output = &channel->output;
  for (size_t done = 0; done < output->size;) {
    long count = sys_write(channel->replies, output->data + done, output->size - done);
    if (count == -EINTR) continue;
    if (count <= 0) end(count);
    done += (size_t)count;
  }
  output->size = 0;
}
