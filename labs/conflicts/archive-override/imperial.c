#include <stdio.h>

const char *unit(void);

void imperial_report(void) { printf("imperial: 10 %s\n", unit()); }
