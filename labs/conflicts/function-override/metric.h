/* What libmetric.so means to offer. */
#pragma GCC visibility push(default)
void metric_report(double length);
#pragma GCC visibility pop
