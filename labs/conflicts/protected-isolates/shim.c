/* For LD_PRELOAD. */
int depth(void) { return -9999; }
