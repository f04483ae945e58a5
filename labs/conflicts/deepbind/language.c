/* A library of the host. */
const char *dialect(void) { return "host's"; }

const char *country(void) { return "host's"; }
