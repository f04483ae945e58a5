#include "caller.h"

#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST_RANGES = 64, WORDS = 512 };

/* The code of one object. */
struct range {
  uintptr_t start;
  uintptr_t end;
  uintptr_t base;
  uint16_t number;
  /* Its functions are called by others: the C library, the loader, the C++ run time. */
  bool is_runtime;
  /* The loader, which works for nobody's account: link maps and the like. */
  bool is_loader;
  /* The host's own code, and this library's. */
  bool is_host;
  /* The object that has a run time linked in. */
  bool has_runtime;
};

/* As this thread has last seen them. One that has come since is noticed when it is missed. */
struct sight {
  uint32_t generation;
  uint64_t added;
  uint32_t count;
  struct range ranges[MOST_RANGES];
};

static _Thread_local struct sight sight __attribute__((tls_model("initial-exec")));
static _Atomic(uint32_t) generation = 1;

void forget_objects(void) { atomic_fetch_add(&generation, 1); }

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static bool begins_with(const char *name, const char *start) { return strncmp(name, start, strlen(start)) == 0; }

static bool is_loader_name(const char *path) {
  const char *name = last_part(path);
  return begins_with(name, "ld-linux") || begins_with(name, "ld-musl") || begins_with(name, "ld64");
}

static bool is_runtime_name(const char *path) {
  static const char *const names[] = {"libc",      "libpthread", "libm",      "librt",    "libdl",
                                      "libstdc++", "libc++",     "libc++abi", "libgcc_s", "libunwind"};
  const char *name = last_part(path);
  for (size_t at = 0; at < sizeof names / sizeof *names; at++) {
    size_t size = strlen(names[at]);
    if (strncmp(name, names[at], size) == 0 && (name[size] == '.' || name[size] == '-')) return true;
  }
  return is_loader_name(path);
}

/* Number of the object + 1; 0 when there are too many. Two threads may enter one object twice, which the reader
   does not mind. */
static uint16_t number_of(const char *path) {
  uint32_t known = atomic_load(&recorder_table->objects);
  for (uint32_t at = 0; at < known && at < MOST_OBJECTS; at++)
    if (strncmp(recorder_table->names[at].path, path, PATH_SIZE - 1) == 0) return (uint16_t)(at + 1);
  uint32_t fresh = atomic_fetch_add(&recorder_table->objects, 1);
  if (fresh >= MOST_OBJECTS) return 0;
  strncpy(recorder_table->names[fresh].path, path, PATH_SIZE - 1);
  return (uint16_t)(fresh + 1);
}

static bool is_passed_object(const char *path) {
  return recorder_table->passed_count > 0 && strncmp(recorder_table->passed_object.path, path, PATH_SIZE) == 0;
}

/* Whether the call before `address` stands in a function of a run time that is linked in. */
static bool is_passed(const struct range *range, uintptr_t address) {
  if (!range->has_runtime) return false;
  uint64_t call = address - range->base - 1;
  uint32_t low = 0, high = recorder_table->passed_count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (recorder_table->passed[middle][1] <= call) low = middle + 1;
    else high = middle;
  }
  return low < recorder_table->passed_count && recorder_table->passed[low][0] <= call;
}

static int see_object(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  (void)data;
  uint16_t number = 0;
  for (int at = 0; at < info->dlpi_phnum && sight.count < MOST_RANGES; at++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[at];
    if (header->p_type != PT_LOAD || (header->p_flags & PF_X) == 0) continue;
    if (number == 0 && (number = number_of(info->dlpi_name)) == 0) return 0;
    uintptr_t start = info->dlpi_addr + header->p_vaddr;
    uintptr_t end = start + header->p_memsz;
    uintptr_t own = (uintptr_t)site_of;
    bool is_host = info->dlpi_name[0] == 0 || (own >= start && own < end);
    sight.ranges[sight.count++] =
        (struct range){.start = start,
                       .end = end,
                       .base = info->dlpi_addr,
                       .number = number,
                       .is_runtime = is_runtime_name(info->dlpi_name),
                       .is_loader = is_loader_name(info->dlpi_name),
                       .is_host = is_host,
                       .has_runtime = is_passed_object(info->dlpi_name)};
  }
  return 0;
}

static int see_added(struct dl_phdr_info *info, size_t size, void *data) {
  (void)size;
  *(uint64_t *)data = info->dlpi_adds;
  return 1;
}

/* How many objects have ever come. */
static uint64_t count_added(void) {
  uint64_t added = 0;
  dl_iterate_phdr(see_added, &added);
  return added;
}

static void look_around(void) {
  sight.added = count_added();
  sight.count = 0;
  sight.generation = atomic_load(&generation);
  dl_iterate_phdr(see_object, NULL);
}

static const struct range *range_of(uintptr_t address) {
  for (uint32_t at = 0; at < sight.count; at++) {
    const struct range *range = &sight.ranges[at];
    if (address - range->start < range->end - range->start) return range;
  }
  return NULL;
}

/* Also of an object that has just come. */
static const struct range *object_of(uintptr_t address) {
  if (sight.generation != atomic_load_explicit(&generation, memory_order_relaxed)) look_around();
  const struct range *range = range_of(address);
  if (range != NULL) return range;
  look_around();
  return range_of(address);
}

static site make_site(const struct range *range, uintptr_t address) {
  return (uint64_t)range->number << 48 | ((address - range->base) & 0xffffffffffff);
}

/* Whether the instruction before `address` may be a call (Intel SDM, CALL; Arm ARM, BL and BLR). */
static bool follows_call(const struct range *range, uintptr_t address) {
  if (address - range->start < 8) return false;
  const unsigned char *code = (const unsigned char *)address;
#if defined(__aarch64__)
  uint32_t word;
  memcpy(&word, code - 4, sizeof word);
  return address % 4 == 0 && (word >> 26 == 0x25 || (word & 0xfefff000) == 0xd63f0000);
#else
  if (code[-5] == 0xe8) return true;
  for (int length = 2; length <= 7; length++)
    if (length != 5 && code[-length] == 0xff && (code[-length + 1] >> 3 & 7) == 2) return true;
  return false;
#endif
}

/* glibc keeps a thread's control block at the top of its stack; above the main thread's lies the environment. */
static uintptr_t end_of_stack(uintptr_t frame) {
  uintptr_t self = (uintptr_t)pthread_self();
  uintptr_t top = frame + WORDS * sizeof(uintptr_t);
  if (self > frame && self < top) return self;
  uintptr_t environment = (uintptr_t)environ;
  return environment > frame && environment < top ? environment : top;
}

enum { PAGE = 4096 };

/* Code is readable wherever it can be executed, unless a linker was told otherwise (--execute-only). */
static site search_words(const uintptr_t *words, size_t count) {
  for (size_t at = 0; at < count; at++) {
    const struct range *range = range_of(words[at]);
    if (range == NULL || range->is_runtime || range->is_host || is_passed(range, words[at])) continue;
    if (follows_call(range, words[at])) return make_site(range, words[at]);
  }
  return 0;
}

/* The page of the frame is there. What lies beyond is copied, as far as there is memory: a coroutine's stack may end
   at any page. */
static site search_stack(uintptr_t frame) {
  uintptr_t start = frame & ~(sizeof(uintptr_t) - 1);
  uintptr_t end = end_of_stack(start);
  uintptr_t border = (start / PAGE + 1) * PAGE;
  if (border > end) border = end;
  site found = search_words((const uintptr_t *)start, (border - start) / sizeof(uintptr_t));
  if (found != 0 || border == end) return found;
  uintptr_t words[WORDS];
  struct iovec copy = {words, sizeof words};
  struct iovec rest = {(void *)border, end - border};
  int error = errno;
  ssize_t size = process_vm_readv(getpid(), &copy, 1, &rest, 1, 0);
  errno = error;
  return size < 0 ? 0 : search_words(words, (size_t)size / sizeof *words);
}

site direct_site_of(uintptr_t address, uintptr_t frame) {
  const struct range *range = recorder_table == NULL ? NULL : object_of(address);
  if (range == NULL) return 0;
  return range->is_runtime && !range->is_loader ? site_of(address, frame) : make_site(range, address);
}

site site_of(uintptr_t address, uintptr_t frame) {
  if (recorder_table == NULL) return 0;
  const struct range *range = object_of(address);
  if (range == NULL) return 0;
  site direct = make_site(range, address);
  if (range->is_loader || !(range->is_runtime || is_passed(range, address))) return direct;
  site found = search_stack(frame);
  if (found == 0 && sight.added != count_added()) {
    look_around();
    found = search_stack(frame);
  }
  return found != 0 ? found : direct;
}
