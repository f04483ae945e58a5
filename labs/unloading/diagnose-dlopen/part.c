int part_outer(void) { return 1; }
