/* For LD_PRELOAD. */
const char *dialect(void) { return "shim's"; }
