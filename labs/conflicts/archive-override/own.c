void metric_report(void);
void imperial_report(void);

/* The program's own, of which neither archive knows. */
const char *unit(void) { return "parsecs"; }

int main(void) {
  metric_report();
  imperial_report();
}
