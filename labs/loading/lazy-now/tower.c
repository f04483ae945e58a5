#include <stdio.h>

void bell_ring(void);

void tower_climb(void) { puts("up the tower"); }

/* Nobody provides the bell. */
void tower_ring(void) {
  tower_climb();
  fflush(stdout);
  bell_ring();
}
