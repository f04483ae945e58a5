int has_moved(void) { return 1; }
