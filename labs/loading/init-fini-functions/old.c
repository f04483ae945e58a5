#include <stdio.h>

/* The names that the startup files have, and so those must not be linked. */
void _init(void) { puts("store: _init"); }

void _fini(void) { puts("store: _fini"); }
