#include <stdio.h>

/* NAME is the library's. */
void first(void) { puts("first: " NAME); }
