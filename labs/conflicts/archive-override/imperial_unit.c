const char *unit(void) { return "feet"; }

#ifdef WITH_SYMBOL
const char *imperial_symbol(void) { return "f"; }
#endif
