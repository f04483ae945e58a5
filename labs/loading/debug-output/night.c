int day_length(void);

int night_length(void) { return 24 - day_length(); }
