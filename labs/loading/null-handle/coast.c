const char *road(void) { return "the coast's road"; }

const char *harbour(void) { return "the coast's harbour"; }
