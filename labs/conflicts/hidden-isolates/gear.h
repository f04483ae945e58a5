/* For the files of one library, not for its users; each library has a copy. */
#ifndef HIDDEN
#define HIDDEN __attribute__((visibility("hidden")))
#endif

HIDDEN extern int ratio;
HIDDEN int left_teeth(void);
HIDDEN int right_teeth(void);
