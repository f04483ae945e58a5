int nobody(void) __attribute__((weak));
int ask(void) { return nobody ? nobody() : 0; }
