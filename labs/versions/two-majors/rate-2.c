/* The second: per mille, under the same name. */
int rate(void) { return 190; }
