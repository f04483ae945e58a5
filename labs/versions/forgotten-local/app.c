#include <stdio.h>

int area(void);

int main(void) { printf("area %d\n", area()); }
