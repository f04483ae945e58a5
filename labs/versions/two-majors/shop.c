#include "shop.h"

#include <stdio.h>

int rate(void);

void shop_print(void) { printf("shop: %d per cent\n", rate()); }
