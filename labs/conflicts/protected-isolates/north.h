void north_report(void);
