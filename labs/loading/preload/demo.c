#include <stdio.h>

void first(void) { puts("first: demo"); }

void second(void) { puts("second: demo"); }
