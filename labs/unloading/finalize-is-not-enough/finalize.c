#include <stdio.h>
#include <stdlib.h>

void __cxa_finalize(void *);
extern void *__dso_handle __attribute__((visibility("hidden")));

static void handler(void) { puts("an exit handler runs"); }

/* So that one can see what __cxa_finalize does. */
__attribute__((constructor)) static void begin(void) { atexit(handler); }

/* Plan A. */
__attribute__((destructor)) static void plugin_fini(void) {
  __cxa_finalize(__dso_handle);
  puts("finalized");
}
