/* From and to. */
int band[2] = {10, 90};

/* The unit is nowhere in the symbol. */
#ifdef IN_TENTHS
int band_width(void) { return 800; }
#else
int band_width(void) { return 80; }
#endif
