#include "clock.h"

#include <stdio.h>

int clock_seconds;

int tick(void) { return 60; }

void clock_run(void) {
  clock_seconds += tick();
  printf("clock: %d s\n", clock_seconds);
}
