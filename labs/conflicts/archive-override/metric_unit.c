const char *unit(void) { return "metres"; }

#ifdef WITH_SYMBOL
const char *metric_symbol(void) { return "m"; }
#endif
