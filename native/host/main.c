/* Loads libraries and does with them what it is asked for, see docs/host-protocol.md.
   Usage: host REQUESTS REPLIES LAST_WORDS PARENT [MEMORY], three numbers of file descriptors, the process that
   it must not outlive (0: any), and the most bytes of memory it may have. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "channel.h"
#include "descriptors.h"
#include "last-words.h"
#include "libc-extensions.h"
#include "operations.h"
#include "safe-memory.h"
#include "system-calls.h"

struct operation_entry {
  enum status (*run)(struct request *request, struct buffer *reply);
  /* Foreign code runs: constructors, destructors, resolvers of IFUNC symbols, the function itself. */
  bool runs_foreign_code;
};

static const struct operation_entry operations[] = {
    [OP_OPEN] = {open_library, true},
    [OP_CLOSE] = {close_library, true},
    [OP_SYMBOL] = {find_symbol, true},
    [OP_ADDRESS_INFO] = {describe_address, false},
    [OP_HANDLE_INFO] = {describe_handle, false},
    [OP_LINK_MAP] = {list_link_map, false},
    [OP_IMAGES] = {list_images, false},
    [OP_CALL] = {call_function, true},
    [OP_READ] = {read_memory, false},
    [OP_WRITE] = {write_memory, false},
    [OP_READ_STRING] = {read_string, false},
    /* A preloaded library may bring its own. */
    [OP_ALLOCATE] = {allocate_memory, true},
    [OP_FREE] = {free_memory, true},
    [OP_SOAK] = {soak_library, true},
};

_Noreturn static void serve(struct channel *channel) {
  for (;;) {
    set_waiting(true);
    struct request request = receive(channel);
    set_waiting(false);
    uint32_t operation = request.operation;
    if (operation == OP_EXIT) {
      flush_replies(channel);
      exit(EXIT_SUCCESS);
    }
    bool is_known = operation < sizeof operations / sizeof *operations && operations[operation].run != NULL;
    /* What was done before stays done, whatever the foreign code does. */
    if (is_known && operations[operation].runs_foreign_code) flush_replies(channel);
    size_t start = begin_reply(channel);
    enum status status = is_known ? operations[operation].run(&request, &channel->output) : STATUS_MALFORMED;
    /* A child that foreign code forked and let return must not answer for its parent. */
    if (!is_original_process()) sys_exit(0);
    finish_reply(channel, start, request.id, status);
  }
}

static void greet(struct channel *channel) {
  size_t start = begin_reply(channel);
  put_u32(&channel->output, PROTOCOL_MAGIC);
  put_u32(&channel->output, PROTOCOL_VERSION);
  put_u32(&channel->output, (uint32_t)sys_getpid());
  finish_reply(channel, start, OP_HELLO, STATUS_DONE);
}

/* What was printed before the process dies shall be seen. The variables are looked up, since an executable
   that refers to them exports copies of them. */
static void unbuffer(const char *stream) {
  FILE **variable = dlsym(RTLD_DEFAULT, stream);
  if (variable != NULL) setvbuf(*variable, NULL, _IONBF, 0);
}

static void limit(int resource, rlim_t most) {
  struct rlimit limits = {most, most};
  setrlimit(resource, &limits);
}

static int descriptor(const char *text, int lowest) { return raise_descriptor(atoi(text), lowest); }

int main(int argc, char **argv) {
  if (argc < 5) {
    static const char usage[] = "usage: host REQUESTS REPLIES LAST_WORDS PARENT [MEMORY]\n";
    sys_write(STDERR_FILENO, usage, sizeof usage - 1);
    return STATUS_USAGE;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  /* The parent may have ended before it could be told. */
  pid_t parent = atoi(argv[4]);
  if (parent != 0 && getppid() != parent) return EXIT_SUCCESS;

  int lowest = lowest_descriptor();
  static struct channel channel;
  channel.requests = descriptor(argv[1], lowest);
  channel.replies = descriptor(argv[2], lowest);
  int words = descriptor(argv[3], lowest);
  bool has_channel = channel.requests >= 0 && channel.replies >= 0;
  if (!has_channel || !prepare_safe_memory(lowest) || !prepare_last_words(words)) {
    perror("host");
    return STATUS_USAGE;
  }
  find_libc_extensions();
  unbuffer("stdout");
  limit(RLIMIT_CORE, 0);
  /* RLIMIT_DATA counts what is really used; RLIMIT_AS would count what thread stacks and heaps only reserve. */
  if (argc > 5) limit(RLIMIT_DATA, strtoul(argv[5], NULL, 10));
  greet(&channel);
  serve(&channel);
}
