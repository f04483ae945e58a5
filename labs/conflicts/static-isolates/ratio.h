/* Each library has a copy. */
STATIC int ratio = 1;
