__asm__(".symver depth_in_fathoms, depth@LAKE_1");
__asm__(".symver depth_in_metres, depth@@LAKE_2");

int depth_in_fathoms(void) { return 20; }
int depth_in_metres(void) { return 37; }
