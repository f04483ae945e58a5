int river_flow(void) { return 3; }
