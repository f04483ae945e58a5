#include <stdio.h>

int lake_area(void);
int lake_depth_max(void);
int lake_shore(void);

int main(void) { printf("%d %d %d\n", lake_area(), lake_depth_max(), lake_shore()); }
