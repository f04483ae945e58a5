/* How many seconds have been shown. */
extern int clock_seconds;

void clock_run(void);
