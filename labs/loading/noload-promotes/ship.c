const char *sea_name(void);

const char *ship_course(void) { return sea_name(); }
