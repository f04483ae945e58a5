#include "bank.h"

#include <stdio.h>

int rate(void);

void bank_print(void) { printf("bank: %d per mille\n", rate()); }
