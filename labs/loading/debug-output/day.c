int sun_hours(void);

int day_length(void) { return sun_hours(); }
