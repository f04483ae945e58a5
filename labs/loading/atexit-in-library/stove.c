#include <stdio.h>
#include <stdlib.h>

static void rake(void) { puts("atexit: the ashes are raked"); }

static void __attribute__((destructor)) shut(void) { puts("destructor: the stove is shut"); }

void stove_light(void) {
  atexit(rake);
  puts("the stove burns");
}
