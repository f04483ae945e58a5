#include "cooler.h"

#include <stdio.h>

int target = 5;

void cooler_set(int degrees) { target = degrees; }

void cooler_show(void) { printf("cooler: %d\n", target); }
