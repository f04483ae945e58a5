#include <stdio.h>

static int rounds;

void plugin_use(void) { printf("used %d times\n", ++rounds); }

