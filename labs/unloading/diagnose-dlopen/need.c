int elsewhere(void);
int need(void) { return elsewhere(); }
