#include <stdio.h>

int tide_high(void);
extern int tide_unit;

int main(void) {
  printf("high %d\n", tide_high());
  printf("unit %d\n", tide_unit);
}
