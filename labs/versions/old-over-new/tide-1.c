int tide_high(void) { return 14; }
