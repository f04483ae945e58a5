/* The other half of left.c, where the library is made of two files. */
#include "left.h"

#include <stdio.h>

#include "ratio.h"

void left_show(void) { printf("left: %d\n", ratio); }
