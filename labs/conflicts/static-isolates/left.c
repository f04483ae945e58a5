#include "left.h"

#include <stdio.h>

#include "ratio.h"

void left_set(int to) { ratio = to; }

#ifndef TWO_FILES
void left_show(void) { printf("left: %d\n", ratio); }
#endif
