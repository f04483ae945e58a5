const char *town(void) { return "the country's town"; }

const char *road(void) { return "the country's road"; }
