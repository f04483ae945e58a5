#include <stdio.h>

int left_teeth(void);

int main(void) { printf("%d\n", left_teeth()); }
