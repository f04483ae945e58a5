/* The two pipes to the parent: requests in, replies out. */
#ifndef SOLDER_CHANNEL_H
#define SOLDER_CHANNEL_H

#include "buffer.h"
#include "protocol.h"
#include "request.h"

struct channel {
  int requests;
  int replies;
  struct buffer input;
  /* Where in `input` the next frame begins. */
  size_t next;
  struct buffer output;
};

/* The next request, waiting for it after all replies so far are sent; ends the process when there is none. */
struct request receive(struct channel *channel);

/* Begins a reply; what it is finished with stands in the header that is filled in then. */
size_t begin_reply(struct channel *channel);
void finish_reply(struct channel *channel, size_t start, uint32_t id, enum status status);

/* Sends the replies that were finished. */
void flush_replies(struct channel *channel);

#endif
