const char *wind_name(void) { return "a westerly"; }
