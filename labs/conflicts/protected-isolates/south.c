#include "south.h"

#include <stdio.h>

#ifndef KIND
#define KIND "protected"
#endif

__attribute__((visibility(KIND))) int height = 7;

__attribute__((visibility(KIND))) int depth(void) { return -height; }

void south_report(void) { printf("south: %d to %d\n", depth(), height); }
