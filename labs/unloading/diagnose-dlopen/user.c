int part_outer(void);
int user(void) { return part_outer(); }
