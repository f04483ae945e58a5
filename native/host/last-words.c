/* Everything here may run in a signal handler, in any thread, on a heap in ruins: system calls and memory that
   was set aside, nothing else. What the addresses mean is worked out by whoever reads the mappings: dladdr(3)
   takes locks that the dying thread may hold. */
#include "last-words.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

#include "protocol.h"
#include "system-calls.h"

enum { ALTERNATE_STACK = 1 << 16, STACK_PIECE = 4096, STACK_SHOWN = 1 << 15 };

static int words_fd = -1;
static volatile bool is_waiting;
static long original_process;
static atomic_flag is_dying = ATOMIC_FLAG_INIT;

bool is_original_process(void) { return sys_getpid() == original_process; }

static bool say(const void *bytes, size_t size) {
  for (const char *at = bytes; size > 0;) {
    long count = sys_write(words_fd, at, size);
    if (count == -EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= (size_t)count;
  }
  return true;
}

static bool say_header(enum last_words kind, size_t size) {
  uint32_t header[2] = {(uint32_t)size, kind};
  return say(header, sizeof header);
}

/* The thread's stack from `from` on. It may end at any page: what is missing is told as zeros. */
static void say_stack(uint64_t from) {
  static const char zeros[STACK_PIECE];
  if (!say_header(WORDS_STACK, sizeof from + STACK_SHOWN) || !say(&from, sizeof from)) return;
  for (uint64_t at = from, end = from + STACK_SHOWN; at < end;) {
    size_t piece = STACK_PIECE - at % STACK_PIECE;
    if (piece > end - at) piece = end - at;
    long count = sys_write(words_fd, (const void *)at, piece);
    if (count == -EINTR) continue;
    if (count == -EFAULT) {
      if (!say(zeros, piece)) return;
      count = (long)piece;
    }
    if (count <= 0) return;
    at += (uint64_t)count;
  }
}

static void say_mappings(void) {
  static char piece[STACK_PIECE];
  long fd = sys_open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  for (;;) {
    long count = sys_read((int)fd, piece, sizeof piece);
    if (count == -EINTR) continue;
    if (count <= 0 || !say_header(WORDS_MAPS, (size_t)count) || !say(piece, (size_t)count)) break;
  }
  sys_close((int)fd);
}

void set_waiting(bool waits) { is_waiting = waits; }

/* Who dies, and whether the host was doing anything that it had been asked for. */
struct scene {
  uint32_t is_other_thread;
  uint32_t is_waiting;
};

/* The host serves in the thread that it began with. */
static struct scene scene_of_death(void) {
  return (struct scene){.is_other_thread = sys_gettid() != sys_getpid(), .is_waiting = is_waiting};
}

struct signal_words {
  uint32_t signal;
  int32_t code;
  uint64_t address;
  uint64_t pc;
  uint64_t sp;
  /* Return address of the innermost function where it is kept in a register; otherwise 0. */
  uint64_t link;
  struct scene scene;
};

static void read_registers(struct signal_words *words, const ucontext_t *context) {
#if defined(__x86_64__)
  words->pc = (uint64_t)context->uc_mcontext.gregs[REG_RIP];
  words->sp = (uint64_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  words->pc = context->uc_mcontext.pc;
  words->sp = context->uc_mcontext.sp;
  words->link = context->uc_mcontext.regs[30];
#endif
}

static void on_fatal_signal(int number, siginfo_t *info, void *context) {
  if (is_original_process()) {
    /* The first thread to die speaks; the process ends with it. */
    while (atomic_flag_test_and_set(&is_dying)) system_call(SYS_ppoll, 0, 0, 0, 0, 0, 0);
    struct signal_words words = {.signal = (uint32_t)number, .code = info->si_code, .scene = scene_of_death()};
    if (info->si_code > 0) words.address = (uint64_t)(uintptr_t)info->si_addr;
    read_registers(&words, context);
    if (say_header(WORDS_SIGNAL, sizeof words) && say(&words, sizeof words)) {
      say_stack(words.sp);
      say_mappings();
    }
  }
  /* The default action, so that the exit status tells the truth; it strikes when the handler returns. */
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(number, &action, NULL);
  sys_signal_thread(sys_getpid(), sys_gettid(), number);
}

enum exit_kind { EXIT_NORMAL = 0, EXIT_QUICK = 1 };

static void on_exit_of(enum exit_kind kind) {
  if (!is_original_process()) return;
  struct {
    uint32_t kind;
    uint32_t unused;
    struct scene scene;
  } words = {.kind = kind, .scene = scene_of_death()};
  if (!say_header(WORDS_EXIT, sizeof words) || !say(&words, sizeof words)) return;
  say_stack((uint64_t)(uintptr_t)__builtin_frame_address(0));
  say_mappings();
}

static void on_exit_call(void) { on_exit_of(EXIT_NORMAL); }
static void on_quick_exit_call(void) { on_exit_of(EXIT_QUICK); }

/* Every signal of the first 31 that ends a process by default (signal(7)) and can be caught. */
static const int fatal_signals[] = {
    SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT, SIGBUS,    SIGFPE,  SIGUSR1, SIGSEGV, SIGUSR2,
    SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ, SIGVTALRM, SIGPROF, SIGIO,   SIGPWR,  SIGSYS,
#ifdef SIGSTKFLT
    SIGSTKFLT,
#endif
};

bool prepare_last_words(int fd) {
  words_fd = fd;
  original_process = sys_getpid();
  void *memory = sys_map(ALTERNATE_STACK);
  stack_t stack = {.ss_sp = memory, .ss_size = ALTERNATE_STACK};
  if (sys_failed(memory) || sigaltstack(&stack, NULL) != 0) return false;
  struct sigaction action = {.sa_sigaction = on_fatal_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t index = 0; index < sizeof fatal_signals / sizeof *fatal_signals; index++)
    if (sigaction(fatal_signals[index], &action, NULL) != 0) return false;
  /* Real-time signals end a process as well; an emulator does not have all of them. */
  for (int number = SIGRTMIN; number <= SIGRTMAX; number++) sigaction(number, &action, NULL);
  return atexit(on_exit_call) == 0 && at_quick_exit(on_quick_exit_call) == 0;
}
