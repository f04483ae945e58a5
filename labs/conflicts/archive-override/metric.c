#include <stdio.h>

const char *unit(void);

void metric_report(void) { printf("metric: 3 %s\n", unit()); }
