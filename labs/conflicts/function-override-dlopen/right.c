#include <stdio.h>

const char *side(void) { return "right"; }

void right_turn(void) { printf("libright.so turns %s\n", side()); }
