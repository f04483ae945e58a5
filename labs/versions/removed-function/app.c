#include <stdio.h>

int sum_add(int a, int b);
int sum_double(int a);

int main(void) {
  printf("add %d\n", sum_add(2, 3));
  fflush(stdout);
  printf("double %d\n", sum_double(4));
}
