/* The numbers of the protocol; docs/host-protocol.md says what they mean. */
#ifndef SOLDER_PROTOCOL_H
#define SOLDER_PROTOCOL_H

enum { PROTOCOL_MAGIC = 0x524c4453 /* "SDLR" */, PROTOCOL_VERSION = 3 };

enum operation {
  OP_HELLO = 0,
  OP_OPEN = 1,
  OP_CLOSE = 2,
  OP_SYMBOL = 3,
  OP_ADDRESS_INFO = 4,
  OP_HANDLE_INFO = 5,
  OP_LINK_MAP = 6,
  OP_IMAGES = 7,
  OP_CALL = 8,
  OP_READ = 9,
  OP_WRITE = 10,
  OP_READ_STRING = 11,
  OP_ALLOCATE = 12,
  OP_FREE = 13,
  OP_EXIT = 14,
  OP_SOAK = 15,
};

/* What a soak is doing; STAGE_BEFORE until the first round begins. */
enum stage { STAGE_BEFORE = 0, STAGE_OPEN = 1, STAGE_SYMBOL = 2, STAGE_CALL = 3, STAGE_CLOSE = 4, STAGE_MEASURE = 5 };

enum status {
  STATUS_DONE = 0,
  STATUS_REFUSED = 1,
  STATUS_BAD_ADDRESS = 2,
  STATUS_MISSING = 3,
  STATUS_MALFORMED = 4,
  STATUS_NO_MEMORY = 5,
};

/* Sizes of frames count what follows the field `size` itself. */
enum { REQUEST_HEADER = 12, REPLY_HEADER = 12 };

enum place { PLACE_DEFAULT = 0, PLACE_NEXT = 1, PLACE_HANDLE = 2 };
enum argument {
  ARGUMENT_INTEGER = 0,
  ARGUMENT_DOUBLE = 1,
  ARGUMENT_FLOAT = 2,
  ARGUMENT_BYTES = 3,
  ARGUMENT_BYTES_BACK = 4,
};
enum result { RESULT_VOID = 0, RESULT_INTEGER = 1, RESULT_DOUBLE = 2, RESULT_FLOAT = 3, RESULT_STRING = 4 };
enum { INTEGER_REGISTERS = 6, FLOATING_REGISTERS = 8 };

enum last_words { WORDS_SIGNAL = 1, WORDS_EXIT = 2, WORDS_MAPS = 3, WORDS_STACK = 4 };

/* Exit status of the host when it cannot reach its pipes any more, has no memory for the protocol itself, and for
   wrong arguments. */
enum { STATUS_PIPES_LOST = 121, STATUS_OUT_OF_MEMORY = 122, STATUS_USAGE = 2 };

#endif
