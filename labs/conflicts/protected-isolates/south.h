void south_report(void);
