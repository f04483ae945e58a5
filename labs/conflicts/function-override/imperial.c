#include "imperial.h"

#include <stdio.h>

/* The same name for another purpose. */
const char *unit(void) { return "feet"; }

void imperial_report(double length) { printf("imperial: %.0f %s\n", length, unit()); }
