__asm__(".symver area_in_acres, area@AREA_1");
__asm__(".symver area_in_hectares, area@@AREA_2");

int area_in_acres(void) { return 247; }
int area_in_hectares(void) { return 100; }

/* For the files of the library. */
int area_round(int value) { return value - value % 10; }
