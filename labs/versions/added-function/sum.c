int sum_add(int a, int b) { return a + b; }

#ifdef SCALE
/* New in 1.1. */
int sum_scale(int a, int factor) { return a * factor; }
#endif
