const char *sea_name(void) { return "the Baltic"; }
