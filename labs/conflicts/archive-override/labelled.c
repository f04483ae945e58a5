#include <stdio.h>

void metric_report(void);
void imperial_report(void);
const char *imperial_symbol(void);

int main(void) {
  metric_report();
  imperial_report();
  puts(imperial_symbol());
}
