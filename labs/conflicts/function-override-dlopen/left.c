#include <stdio.h>

const char *side(void) { return "left"; }

void left_turn(void) { printf("libleft.so turns %s\n", side()); }
