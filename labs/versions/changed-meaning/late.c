#include <stdio.h>

extern int band[3];

void late_print(void) { printf("late: step %d from %d\n", band[0], band[1]); }
