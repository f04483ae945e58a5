#include <stdio.h>

void lock_turn(void);

void door_open(void) { puts("the door is open"); }

/* Nobody provides the lock. */
void door_lock(void) { lock_turn(); }
