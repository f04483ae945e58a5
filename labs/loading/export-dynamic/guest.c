#include <stdio.h>

const char *host_name(void);

void guest_greet(void) { printf("good evening to %s\n", host_name()); }
