/* What the host can be asked for. Each function reads its fields from the request, adds those of the reply and
   says how it went; what it has added counts only for STATUS_DONE, except for what the status itself tells. */
#ifndef SOLDER_OPERATIONS_H
#define SOLDER_OPERATIONS_H

#include "buffer.h"
#include "protocol.h"
#include "request.h"

enum status open_library(struct request *request, struct buffer *reply);
enum status close_library(struct request *request, struct buffer *reply);
enum status find_symbol(struct request *request, struct buffer *reply);

enum status describe_address(struct request *request, struct buffer *reply);
enum status describe_handle(struct request *request, struct buffer *reply);
enum status list_link_map(struct request *request, struct buffer *reply);
enum status list_images(struct request *request, struct buffer *reply);

enum status call_function(struct request *request, struct buffer *reply);
enum status soak_library(struct request *request, struct buffer *reply);

enum status read_memory(struct request *request, struct buffer *reply);
enum status write_memory(struct request *request, struct buffer *reply);
enum status read_string(struct request *request, struct buffer *reply);
enum status allocate_memory(struct request *request, struct buffer *reply);
enum status free_memory(struct request *request, struct buffer *reply);

#endif
