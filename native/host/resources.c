#include "resources.h"

#include <dirent.h>
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "system-calls.h"

#ifndef PTHREAD_KEYS_MAX
#define PTHREAD_KEYS_MAX 1024
#endif

/* The kernel's sets of signals have 64 bits. */
enum { SIGNAL_SET = 8 };
/* Handlers are looked at in so many turns; so often at least mappings are counted. */
enum { TURNS = 8, COUNT_EVERY = 32 };

static int statm_fd = -1;
static int maps_fd = -1;
static int descriptors_fd = -1;
static int tasks_fd = -1;

/* glibc's table of keys: an odd number stands for a key in use (nptl/pthreadP.h, KEY_UNUSED). */
struct key_entry {
  uintptr_t sequence;
  void (*destroy)(void *);
};
static const struct key_entry *key_table;

/* glibc's mallinfo2(3). */
struct heap_info {
  size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};
static struct heap_info (*heap_info)(void);

/* What debuggers read (gABI, DT_DEBUG). Since glibc 2.35 each namespace has one, version 2 once there are two. */
struct namespace {
  struct r_debug objects;
  const struct namespace *next;
};
static const struct namespace *base_namespace;

static uintptr_t first_handlers[LAST_SIGNAL + 1];

/* Since Linux 6.2 the size of /proc/self/fd is the number of its entries. */
static bool size_counts_descriptors;

/* The table has a private name: it is believed only when a key that comes and goes is seen in it. */
static void find_key_table(void) {
  const struct key_entry *table = dlsym(RTLD_DEFAULT, "__pthread_keys");
  pthread_key_t key;
  if (table == NULL || pthread_key_create(&key, NULL) != 0) return;
  bool was_odd = key < PTHREAD_KEYS_MAX && (table[key].sequence & 1) == 1;
  pthread_key_delete(key);
  if (was_odd && (table[key].sequence & 1) == 0) key_table = table;
}

uint32_t most_keys(void) { return PTHREAD_KEYS_MAX; }

static uint64_t count_keys(void) {
  if (key_table != NULL) {
    uint64_t count = 0;
    for (int at = 0; at < PTHREAD_KEYS_MAX; at++) count += key_table[at].sequence & 1;
    return count;
  }
  /* Whatever is still to be had is free. */
  static pthread_key_t keys[PTHREAD_KEYS_MAX];
  int free_keys = 0;
  while (free_keys < PTHREAD_KEYS_MAX && pthread_key_create(&keys[free_keys], NULL) == 0) free_keys++;
  for (int at = 0; at < free_keys; at++) pthread_key_delete(keys[at]);
  return (uint64_t)(PTHREAD_KEYS_MAX - free_keys);
}

static int open_raised(const char *path) {
  long fd = sys_open(path, O_RDONLY | O_CLOEXEC);
  return fd < 0 ? -1 : raise_descriptor((int)fd, lowest_descriptor());
}

static uint64_t count_entries(int directory) {
  static char piece[1 << 14];
  uint64_t entries = 0;
  system_call(SYS_lseek, directory, 0, SEEK_SET, 0, 0, 0);
  for (;;) {
    long count = system_call(SYS_getdents64, directory, (long)piece, sizeof piece, 0, 0, 0);
    if (count <= 0) return entries;
    for (long at = 0; at < count;) {
      const struct dirent64 *entry = (const struct dirent64 *)(piece + at);
      if (entry->d_name[0] != '.') entries++;
      at += entry->d_reclen;
    }
  }
}

static uint64_t count_descriptors(void) {
  struct stat status;
  if (size_counts_descriptors && fstat(descriptors_fd, &status) == 0) return (uint64_t)status.st_size;
  return count_entries(descriptors_fd);
}

/* A directory has a link of its own, one in its parent, and one in each of its directories. */
uint64_t count_threads(void) {
  struct stat status;
  if (fstat(tasks_fd, &status) == 0 && status.st_nlink > 2) return status.st_nlink - 2;
  return count_entries(tasks_fd);
}

/* The kernel's own structure begins with the handler. */
static uintptr_t handler_of(int signal) {
  uintptr_t action[8] = {0};
  system_call(SYS_rt_sigaction, signal, 0, (long)action, SIGNAL_SET, 0, 0);
  return action[0];
}

/* Those between the signals of POSIX and SIGRTMIN are the C library's own, which it handles when it needs to. */
static bool is_internal(int signal) { return signal > SIGSYS && signal < SIGRTMIN; }

enum disposition disposition_of(int signal) {
  uintptr_t handler = handler_of(signal);
  if (handler == (uintptr_t)SIG_DFL) return DISPOSITION_DEFAULT;
  if (handler == (uintptr_t)SIG_IGN) return DISPOSITION_IGNORED;
  Dl_info info;
  return dladdr((void *)handler, &info) == 0 ? DISPOSITION_GONE : DISPOSITION_HANDLER;
}

bool is_handled_otherwise(int signal) {
  return !is_internal(signal) && handler_of(signal) != first_handlers[signal];
}

/* Neither the default action nor the handler of a library that is still there is anything left behind. */
static bool is_left_behind(int signal) {
  if (!is_handled_otherwise(signal)) return false;
  enum disposition now = disposition_of(signal);
  return now == DISPOSITION_GONE || now == DISPOSITION_IGNORED;
}

bool prepare_resources(void) {
  if (statm_fd < 0) {
    statm_fd = open_raised("/proc/self/statm");
    maps_fd = open_raised("/proc/self/maps");
    descriptors_fd = open_raised("/proc/self/fd");
    tasks_fd = open_raised("/proc/self/task");
    *(void **)&heap_info = dlsym(RTLD_DEFAULT, "mallinfo2");
    base_namespace = dlsym(RTLD_DEFAULT, "_r_debug");
    find_key_table();
    struct stat status;
    bool is_told = fstat(descriptors_fd, &status) == 0 && status.st_size > 0;
    size_counts_descriptors = is_told && (uint64_t)status.st_size == count_entries(descriptors_fd);
  }
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) first_handlers[signal] = handler_of(signal);
  return statm_fd >= 0 && maps_fd >= 0 && descriptors_fd >= 0 && tasks_fd >= 0;
}

static void measure_memory(struct resources *resources) {
  char text[128];
  long count = system_call(SYS_pread64, statm_fd, (long)text, sizeof text - 1, 0, 0, 0);
  uint64_t numbers[2] = {0, 0};
  for (long at = 0, number = 0; at < count && number < 2; at++) {
    if (text[at] >= '0' && text[at] <= '9') numbers[number] = numbers[number] * 10 + (uint64_t)(text[at] - '0');
    else number++;
  }
  uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
  resources->mapped = numbers[0] * page;
  resources->resident = numbers[1] * page;
}

/* Lines of /proc/self/maps. Reading them takes longer than all the rest: not each time while the size of all
   mappings is the same, which a change of protection alone leaves. */
static uint64_t count_mappings(uint64_t mapped, bool thorough) {
  static uint64_t known_mapped, known;
  static int age;
  if (!thorough && mapped == known_mapped && ++age < COUNT_EVERY) return known;
  age = 0;
  static char piece[1 << 16];
  uint64_t lines = 0;
  for (long offset = 0;;) {
    long count = system_call(SYS_pread64, maps_fd, (long)piece, sizeof piece, offset, 0, 0);
    if (count <= 0) break;
    for (const char *at = piece; (at = memchr(at, '\n', (size_t)(piece + count - at))) != NULL; at++) lines++;
    offset += count;
  }
  known_mapped = mapped;
  return known = lines;
}

/* dl_iterate_phdr(3) shows the host's own namespace only; how many objects went it counts wrongly with others. */
static uint64_t count_elsewhere(void) {
  uint64_t count = 0;
  if (base_namespace == NULL || base_namespace->objects.r_version < 2) return 0;
  for (const struct namespace *at = base_namespace->next; at != NULL; at = at->next)
    for (const struct link_map *map = at->objects.r_map; map != NULL; map = map->l_next) count++;
  return count;
}

static int see_object(struct dl_phdr_info *info, size_t size, void *data) {
  struct resources *resources = data;
  resources->link_maps++;
  if (size >= offsetof(struct dl_phdr_info, dlpi_tls_data)) {
    resources->added = info->dlpi_adds;
    if (info->dlpi_tls_modid > resources->tls_modules) resources->tls_modules = info->dlpi_tls_modid;
  }
  return 0;
}

/* A system call for each: what was found out about a signal is believed until its turn comes again. */
static uint64_t count_handlers(bool thorough) {
  static bool known[LAST_SIGNAL + 1];
  static int turn;
  turn = (turn + 1) % TURNS;
  uint64_t handlers = 0;
  for (int signal = 1; signal <= LAST_SIGNAL; signal++) {
    if (thorough || signal % TURNS == turn) known[signal] = is_left_behind(signal);
    handlers += known[signal];
  }
  return handlers;
}

void measure_resources(struct resources *resources, bool thorough) {
  *resources = (struct resources){.keys = count_keys(), .heap = UNKNOWN_RESOURCE};
  dl_iterate_phdr(see_object, resources);
  resources->link_maps += count_elsewhere();
  resources->removed = resources->added - resources->link_maps;
  measure_memory(resources);
  resources->mappings = count_mappings(resources->mapped, thorough);
  resources->threads = count_threads();
  resources->descriptors = count_descriptors();
  resources->handlers = count_handlers(thorough);
  if (heap_info == NULL) return;
  struct heap_info heap = heap_info();
  resources->heap = heap.uordblks + heap.hblkhd;
  resources->arena = heap.arena + heap.hblkhd;
}
