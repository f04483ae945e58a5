/* One more library on the way from libeast.so to libsunrise.so. */
const char *greeting(void);

const char *horizon_greeting(void) { return greeting(); }
