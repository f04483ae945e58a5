#include <stdio.h>

void river_length(void) { puts("length 1230"); }

#ifdef WITH_SOURCE
void river_source(void) { puts("source 678"); }
#endif
