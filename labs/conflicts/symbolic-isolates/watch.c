#include "watch.h"

#include <stdio.h>

int watch_seconds;

int tick(void) { return 1; }

void watch_run(void) {
  watch_seconds += tick();
  printf("watch: %d s\n", watch_seconds);
}
