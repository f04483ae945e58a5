/* The second release measures in metres and keeps the fathoms for those who were linked with them. */
__asm__(".symver depth_in_fathoms, depth@DEPTH_1");
__asm__(".symver depth_in_metres, depth@@DEPTH_2");

int depth_in_fathoms(void) { return 10; }
int depth_in_metres(void) { return 18; }

int depth_unit(void) { return 'm'; }
