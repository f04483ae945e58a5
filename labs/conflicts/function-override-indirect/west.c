#include <stdio.h>

const char *greeting(void);

void west_greet(void) { printf("west: %s\n", greeting()); }
