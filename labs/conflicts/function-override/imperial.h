/* What libimperial.so means to offer. */
#pragma GCC visibility push(default)
void imperial_report(double length);
#pragma GCC visibility pop
