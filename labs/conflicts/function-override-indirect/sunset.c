const char *greeting(void) { return "good evening"; }
