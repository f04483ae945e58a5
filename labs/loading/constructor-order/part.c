#include <stdio.h>

/* PART names the library. */
static void __attribute__((constructor)) rise(void) { puts("+ " PART); }

static void __attribute__((destructor)) fall(void) { puts("- " PART); }
