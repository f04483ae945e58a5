#include <stdio.h>

/* What the program gets in spite of the library that it was linked with. */
void speak(void) { puts("good day"); }
