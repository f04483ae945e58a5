#include <stdio.h>

extern int band[2];

void early_print(void) { printf("early: %d to %d\n", band[0], band[1]); }
