#include "channel.h"

#include <errno.h>
#include <string.h>

#include "system-calls.h"

enum { READ_SIZE = 1 << 16 };

/* The end of the file is the parent's wish, or its own end. Anything else is the work of foreign code. */
_Noreturn static void end(long result) {
  sys_exit(result == 0 || result == -EPIPE || result == -ECONNRESET ? 0 : STATUS_PIPES_LOST);
}

static void read_more(struct channel *channel) {
  struct buffer *input = &channel->input;
  if (channel->next > 0) {
    memmove(input->data, input->data + channel->next, input->size - channel->next);
    input->size -= channel->next;
    channel->next = 0;
  }
  if (!buffer_reserve(input, READ_SIZE)) sys_exit(STATUS_PIPES_LOST);
  long count;
  do count = sys_read(channel->requests, input->data + input->size, input->capacity - input->size);
  while (count == -EINTR);
  if (count <= 0) end(count);
  input->size += (size_t)count;
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
      if (available >= size && size >= sizeof header) {
        channel->next += size;
        return (struct request){
            .id = header[1], .operation = header[2], .at = frame + sizeof header, .end = frame + size};
      }
      if (size < sizeof header) sys_exit(STATUS_PIPES_LOST);
    }
    flush_replies(channel);
    read_more(channel);
  }
}

size_t begin_reply(struct channel *channel) {
  struct buffer *output = &channel->output;
  output->overflowed = false;
  if (!buffer_reserve(output, REPLY_HEADER)) sys_exit(STATUS_PIPES_LOST);
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
