#include "north.h"

#include <stdio.h>

#ifndef KIND
#define KIND "protected"
#endif

__attribute__((visibility(KIND))) int height = 100;

__attribute__((visibility(KIND))) int depth(void) { return -height; }

void north_report(void) { printf("north: %d to %d\n", depth(), height); }
