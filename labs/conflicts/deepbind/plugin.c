#include <stdio.h>

/* For a host's sake the name has to stay. */
const char *dialect(void) { return "plugin's"; }

const char *country(void);

void plugin_speak(void) { printf("the %s dialect, in the %s country\n", dialect(), country()); }
