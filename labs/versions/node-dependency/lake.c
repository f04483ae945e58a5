int lake_area(void) { return 536; }
int lake_depth_mean(void) { return 90; }
int lake_depth_max(void) { return 251; }
int lake_volume(void) { return 48; }
int lake_shore(void) { return 273; }

/* For the files of the library. */
int clamp(int value) { return value < 0 ? 0 : value; }
