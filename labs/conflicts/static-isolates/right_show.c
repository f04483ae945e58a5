/* The other half of right.c, where the library is made of two files. */
#include "right.h"

#include <stdio.h>

#include "ratio.h"

void right_show(void) { printf("right: %d\n", ratio); }
