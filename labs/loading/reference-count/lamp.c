#include <stdio.h>

static void __attribute__((constructor)) light(void) { puts("  the lamp is lit"); }

static void __attribute__((destructor)) put_out(void) { puts("  the lamp is out"); }
