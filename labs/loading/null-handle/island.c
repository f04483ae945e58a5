const char *harbour(void) { return "the island's harbour"; }

const char *beach(void) { return "the island's beach"; }
