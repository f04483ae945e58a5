#include <stdio.h>

extern int band[2];
int band_width(void);

int main(void) { printf("%d to %d, width %d\n", band[0], band[1], band_width()); }
