/* For LD_PRELOAD. */
int tick(void) { return 1000; }
