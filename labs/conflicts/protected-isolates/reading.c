#include "north.h"

#include <stdio.h>

extern int height;

int main(void) {
  north_report();
  printf("program: %d\n", height);
}
