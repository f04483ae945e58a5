/* Opens a library, calls a function in it and closes it, again and again, and measures after each round what the
   process holds. The records go into a file that is mapped into memory: whoever reads it afterwards has all
   rounds, however the process ended, and a round costs no system call for it. */
#include <dlfcn.h>
#include <string.h>
#include <time.h>

#include "call.h"
#include "last-words.h"
#include "operations.h"
#include "resources.h"
#include "system-calls.h"

/* At the beginning of the file; the reader may look at any time. */
struct soak_state {
  /* Records that are complete. The first is from before the first round. */
  uint32_t records;
  /* The round at work, from 1 on, and what it is doing. */
  uint32_t round;
  uint32_t stage;
  uint32_t unused;
};

struct soak_record {
  struct resources resources;
  uint64_t result;
};

struct soak {
  const char *file;
  int flags;
  uint32_t rounds;
  /* NULL: nothing is called. */
  const char *entry;
  struct call call;
  volatile struct soak_state *state;
  struct soak_record *records;
};

/* Threads that were joined are still on their way out; so are those that end by themselves soon. */
enum { SETTLE_STEPS = 50, SETTLE_NANOSECONDS = 2000000 };

/* What is lost is mostly lost in the first round: of these, all is known exactly. */
enum { THOROUGH = 8 };

static void settle(uint64_t threads) {
  struct timespec pause = {.tv_nsec = SETTLE_NANOSECONDS};
  for (int step = 0; step < SETTLE_STEPS && count_threads() > threads; step++)
    system_call(SYS_nanosleep, (long)&pause, 0, 0, 0, 0, 0);
}

static void record(struct soak *soak, uint32_t at, uint64_t result) {
  struct soak_record *record = &soak->records[at];
  measure_resources(&record->resources, at <= THOROUGH || at == soak->rounds);
  record->result = result;
  __atomic_store_n(&soak->state->records, at + 1, __ATOMIC_RELEASE);
}

/* What dlerror(3) says; NULL when the round got to its end. */
static const char *run_round(struct soak *soak, uint64_t *result) {
  soak->state->stage = STAGE_OPEN;
  void *handle = dlopen(soak->file, soak->flags);
  if (handle == NULL) return dlerror();
  if (soak->entry != NULL) {
    soak->state->stage = STAGE_SYMBOL;
    dlerror();
    void *function = dlsym(handle, soak->entry);
    if (function == NULL) {
      const char *message = dlerror();
      return message == NULL ? "the symbol's value is NULL" : message;
    }
    soak->state->stage = STAGE_CALL;
    *result = perform_call(function, &soak->call);
  }
  soak->state->stage = STAGE_CLOSE;
  const char *message = dlclose(handle) == 0 ? NULL : dlerror();
  soak->state->stage = STAGE_MEASURE;
  return message;
}

static bool map_records(struct soak *soak, const char *path) {
  size_t size = sizeof(struct soak_state) + (soak->rounds + 1UL) * sizeof(struct soak_record);
  long fd = sys_open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  bool fits = system_call(SYS_lseek, fd, 0, SEEK_END, 0, 0, 0) >= (long)size;
  /* Populated: pages that come in one by one would count as growth. */
  void *memory = !fits ? NULL
                       : (void *)system_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE,
                                             MAP_SHARED | MAP_POPULATE, fd, 0);
  sys_close((int)fd);
  if (memory == NULL || sys_failed(memory)) return false;
  soak->state = memory;
  soak->records = (struct soak_record *)((char *)memory + sizeof(struct soak_state));
  return true;
}

static void put_changed_signals(struct buffer *reply) {
  uint32_t count = 0;
  size_t count_at = reply->size;
  put_u32(reply, 0);
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    if (!is_handled_otherwise(signal)) continue;
    put_u8(reply, (uint8_t)signal);
    put_u8(reply, (uint8_t)disposition_of(signal));
    count++;
  }
  if (!reply->overflowed) memcpy(reply->data + count_at, &count, sizeof count);
}

enum status soak_library(struct request *request, struct buffer *reply) {
  struct soak soak = {.file = get_string(request)};
  soak.flags = (int)get_u32(request);
  soak.rounds = get_u32(request);
  const char *records = get_string(request);
  soak.entry = get_string(request);
  enum status readable = read_call(request, &soak.call);
  if (readable != STATUS_DONE) return readable;
  if (records == NULL || soak.rounds == 0 || !map_records(&soak, records)) return STATUS_MALFORMED;
  if (!prepare_resources()) return STATUS_NO_MEMORY;

  record(&soak, 0, 0);
  uint64_t threads = soak.records[0].resources.threads;
  for (uint32_t round = 1; round <= soak.rounds; round++) {
    soak.state->round = round;
    uint64_t result = 0;
    const char *message = run_round(&soak, &result);
    /* A child that foreign code forked and let return writes no records for its parent. */
    if (!is_original_process()) sys_exit(0);
    if (message != NULL) {
      put_string(reply, message);
      return STATUS_REFUSED;
    }
    if (round == soak.rounds) settle(threads);
    record(&soak, round, result);
  }
  put_u32(reply, most_keys());
  put_changed_signals(reply);
  return STATUS_DONE;
}
