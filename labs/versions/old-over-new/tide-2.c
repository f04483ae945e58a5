int tide_high(void) { return 14; }

/* New in this release. */
int tide_low(void) { return 3; }
int tide_unit = 1;
