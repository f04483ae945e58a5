#include "north.h"
#include "south.h"

#include <stdio.h>

int depth(void);

int main(void) {
  north_report();
  south_report();
  printf("program: %d\n", depth());
}
