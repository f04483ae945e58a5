#include <stdio.h>

int tide_high(void);
int tide_low(void);

/* The new function is called only when somebody asks for it. */
int main(int argc, char **argv) {
  (void)argv;
  printf("high %d\n", tide_high());
  fflush(stdout);
  if (argc > 1) printf("low %d\n", tide_low());
}
