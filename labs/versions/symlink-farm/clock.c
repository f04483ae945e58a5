#include <stdio.h>

void clock_print(void) { puts("release " RELEASE); }
