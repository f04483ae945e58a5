#include "right.h"

#include "gear.h"

#include <stdio.h>

HIDDEN int ratio = 2;

void right_turn(void) { printf("right: %d\n", right_teeth()); }
