#include <stdio.h>

int area_in_acres(void);

int main(void) { printf("%d acres\n", area_in_acres()); }
