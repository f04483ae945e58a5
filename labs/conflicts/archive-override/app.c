void metric_report(void);
void imperial_report(void);

int main(void) {
  metric_report();
  imperial_report();
}
