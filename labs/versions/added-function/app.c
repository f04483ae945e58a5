#include <stdio.h>

int sum_add(int a, int b);

int main(void) { printf("add %d\n", sum_add(2, 3)); }
