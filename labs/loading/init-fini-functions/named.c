#include <stdio.h>

void store_open(void) { puts("store: opened"); }

void store_close(void) { puts("store: closed"); }

static void __attribute__((constructor)) sweep(void) { puts("store: constructor"); }

static void __attribute__((destructor)) sleep_well(void) { puts("store: destructor"); }
