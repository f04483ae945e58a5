const char *coffee(void) { return "the bar's coffee"; }

const char *beer(void) { return "the bar's beer"; }
