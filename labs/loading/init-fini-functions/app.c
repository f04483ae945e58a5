#include <stdio.h>

void shop_sell(void);

int main(void) {
  shop_sell();
  return fflush(stdout);
}
