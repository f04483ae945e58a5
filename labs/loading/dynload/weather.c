#include <stdio.h>

void rain(void) { puts("it rains"); }
