__attribute__((used, noinline)) static int part_inner(void) { return 1; }
int part_local(void) { return part_inner(); }
int part_outer(void) { return part_local(); }
