/* Step, from and to. */
int band[3] = {3, 10, 90};

int band_width(void) { return 80; }
