/* Descriptors that whoever ran solder left open are not for foreign code to find, write to and count. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system-calls.h"

enum { FIRST = 3, PIPES = 3, KEPT = PIPES + 1, HIGHEST_BY_HAND = 4096 };

/* getenv(3) knows nothing before the constructor of the C library. */
static const char *variable(char **environment, const char *name) {
  size_t size = strlen(name);
  for (char **entry = environment; *entry != NULL; entry++) {
    if (strncmp(*entry, name, size) == 0 && (*entry)[size] == '=') return *entry + size + 1;
  }
  return NULL;
}

/* The file that the loader has opened for LD_DEBUG_OUTPUT (ld.so(8)); UINT_MAX where there is none. */
static unsigned debug_output(char **environment) {
  const char *prefix = variable(environment, "LD_DEBUG_OUTPUT");
  if (prefix == NULL) return UINT_MAX;
  char path[PATH_MAX];
  struct stat file;
  struct stat open_file;
  snprintf(path, sizeof path, "%s.%d", prefix, (int)getpid());
  if (stat(path, &file) != 0) return UINT_MAX;
  for (int fd = FIRST; fd < HIGHEST_BY_HAND; fd++) {
    if (fstat(fd, &open_file) != 0) continue;
    if (open_file.st_ino == file.st_ino && open_file.st_dev == file.st_dev) return (unsigned)fd;
  }
  return UINT_MAX;
}

static unsigned first_from(const unsigned *kept, unsigned from) {
  unsigned first = UINT_MAX;
  for (int i = 0; i < KEPT; i++) {
    if (kept[i] >= from && kept[i] < first) first = kept[i];
  }
  return first;
}

/* From `first` up to, but without `end`. */
static void close_range_of(unsigned first, unsigned end) {
  /* An old kernel does not know the call, an old filter of system calls forbids it. */
  if (first >= end || sys_close_range(first, end - 1) == 0) return;
  for (unsigned fd = first; fd < end && fd < HIGHEST_BY_HAND; fd++) sys_close((int)fd);
}

static void close_inherited(int argc, char **argv, char **environment) {
  if (argc <= PIPES) return;
  /* Auditors have run already, and their files are not to be told from what was inherited. */
  if (variable(environment, "LD_AUDIT") != NULL) return;
  unsigned kept[KEPT] = {debug_output(environment)};
  for (int i = 1; i <= PIPES; i++) kept[i] = (unsigned)atoi(argv[i]);
  unsigned first = FIRST;
  for (unsigned next; (next = first_from(kept, first)) != UINT_MAX; first = next + 1) close_range_of(first, next);
  close_range_of(first, UINT_MAX);
}

/* Before the constructors of preloaded libraries, whose descriptors are their own (gABI, DT_PREINIT_ARRAY).
   musl has no such functions: there, the host keeps what it inherits. */
__attribute__((section(".preinit_array"), used)) static void (*const before_constructors)(int, char **, char **) =
    close_inherited;
