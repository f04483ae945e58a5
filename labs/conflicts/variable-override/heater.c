#include "heater.h"

#include <stdio.h>

/* In no header, and yet a name of the whole process. */
int target = 21;

void heater_set(int degrees) { target = degrees; }

void heater_show(void) { printf("heater: %d\n", target); }
