#include <stdio.h>

/* PART names the library. */
static void __attribute__((constructor)) build(void) { puts("  + " PART); }

static void __attribute__((destructor)) pull_down(void) { puts("  - " PART); }
