/* How many seconds have been shown. */
extern int watch_seconds;

void watch_run(void);
