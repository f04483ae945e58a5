#include "right.h"

#include <stdio.h>

#include "ratio.h"

void right_set(int to) { ratio = to; }

#ifndef TWO_FILES
void right_show(void) { printf("right: %d\n", ratio); }
#endif
