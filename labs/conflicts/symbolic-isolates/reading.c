#include "clock.h"

#include <stdio.h>

int main(void) {
  clock_run();
  printf("program: %d s\n", clock_seconds);
}
