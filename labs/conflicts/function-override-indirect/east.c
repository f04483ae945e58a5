#include <stdio.h>

const char *greeting(void);

void east_greet(void) { printf("east: %s\n", greeting()); }
