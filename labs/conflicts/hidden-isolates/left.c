#include "left.h"

#include "gear.h"

#include <stdio.h>

HIDDEN int ratio = 1;

void left_turn(void) { printf("left: %d\n", left_teeth()); }
