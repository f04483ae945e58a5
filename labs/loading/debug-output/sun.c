int sun_hours(void) { return 16; }
