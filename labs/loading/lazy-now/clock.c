extern int clock_hour;

int clock_read(void) { return clock_hour; }
