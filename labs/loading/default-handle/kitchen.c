const char *coffee(void) { return "the kitchen's coffee"; }
