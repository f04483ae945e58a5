int sum_add(int a, int b) { return a + b; }

#ifndef REMOVED
int sum_double(int a) { return 2 * a; }
#endif
