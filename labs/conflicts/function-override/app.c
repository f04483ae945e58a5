#include "imperial.h"
#include "metric.h"

int main(void) {
  metric_report(3);
  imperial_report(10);
}
