/* Calls the dlopen API as its arguments say, and prints what comes of it: `host OP...`, one line an OP.
 * open=FILE now=FILE global=FILE noload=FILE mode=FILE new=FILE   dlopen, dlmopen
 * sym=NAME default=NAME next=NAME vsym=NAME@VERSION               dlsym, dlvsym of the last handle
 * uid=N address-space=BYTES data=BYTES                            setuid, setrlimit */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void tell(void *result) {
  /* A constructor may leave a text of its own behind. */
  const char *error = dlerror();
  printf("%s\n", result ? "ok" : error ? error : "NULL");
  fflush(stdout);
}

static void limit(int which, const char *bytes) {
  struct rlimit wanted = {strtoull(bytes, NULL, 0), strtoull(bytes, NULL, 0)};
  if (setrlimit(which, &wanted) != 0) abort();
}

int main(int count, char **words) {
  void *handle = NULL;
  for (int at = 1; at < count; at++) {
    char *value = strchr(words[at], '=');
    if (!value) abort();
    *value++ = 0;
    const char *op = words[at];
    dlerror();
    if (!strcmp(op, "open")) tell(handle = dlopen(value, RTLD_LAZY));
    else if (!strcmp(op, "now")) tell(handle = dlopen(value, RTLD_NOW));
    else if (!strcmp(op, "global")) tell(handle = dlopen(value, RTLD_NOW | RTLD_GLOBAL));
    else if (!strcmp(op, "noload")) tell(dlopen(value, RTLD_NOW | RTLD_NOLOAD));
    else if (!strcmp(op, "mode")) tell(dlopen(value, 0));
    else if (!strcmp(op, "sym")) tell(dlsym(handle, value));
    else if (!strcmp(op, "call")) ((void (*)(void))dlsym(handle, value))();
    else if (!strcmp(op, "default")) tell(dlsym(RTLD_DEFAULT, value));
    else if (!strcmp(op, "next")) tell(dlsym(RTLD_NEXT, value));
#ifdef __GLIBC__
    else if (!strcmp(op, "new")) tell(handle = dlmopen(LM_ID_NEWLM, value, RTLD_NOW));
    else if (!strcmp(op, "vsym")) {
      char *version = strchr(value, '@');
      *version++ = 0;
      tell(dlvsym(handle, value, version));
    }
#endif
    else if (!strcmp(op, "uid")) {
      if (setuid(atoi(value)) != 0) abort();
    } else if (!strcmp(op, "address-space")) limit(RLIMIT_AS, value);
    else if (!strcmp(op, "data")) limit(RLIMIT_DATA, value);
    else abort();
  }
  return 0;
}
