#include "gear.h"

/* Another file of the same library: it sees a hidden name as it sees any other. */
HIDDEN int left_teeth(void) { return 10 * ratio; }
