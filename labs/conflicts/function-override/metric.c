#include "metric.h"

#include <stdio.h>

/* Meant for this library alone, yet exported: nothing says otherwise. */
const char *unit(void) { return "metres"; }

void metric_report(double length) { printf("metric: %.0f %s\n", length, unit()); }
