#include <stdio.h>

const char *sea_name(void);
const char *wind_name(void);

/* Linked with neither of them. */
void ship_sail(void) { printf("sailing %s with %s\n", sea_name(), wind_name()); }
