static int guests;

int book_sign(void) { return ++guests; }
