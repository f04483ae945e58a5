/* Eight bytes: an address in the middle is nearest to the start. */
short bed[4] = {1, 2, 3, 4};

/* Nobody outside sees it. */
static int shed[2] = {5, 6};

void *shed_door(void) { return shed; }

void water(void) { bed[0]++; }

/* A symbol without a size. */
__asm__(".data\n.globl pond\npond: .zero 4\n.text");
