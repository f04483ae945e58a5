#include <stdio.h>

int river_flow(void);

/* Bound when it is called for the first time, unless the library is opened with RTLD_NOW. */
void mill_grind(void) { printf("grinding with %d\n", river_flow()); }
