#include <stdio.h>

int lake_depth_mean(void);

int main(void) { printf("%d\n", lake_depth_mean()); }
