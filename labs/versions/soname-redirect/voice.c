#include <stdio.h>

void speak(void) { puts("hello"); }
