#include <stdio.h>

/* What g++ makes of an inline variable, and clang++ does not: one for the whole process. */
__asm__(".data\n"
        ".balign 4\n"
#ifdef UNIQUE
        ".type plugin_rounds, %gnu_unique_object\n"
#else
        ".globl plugin_rounds\n"
        ".type plugin_rounds, %object\n"
#endif
#ifdef HIDDEN
        ".hidden plugin_rounds\n"
#endif
        ".size plugin_rounds, 4\n"
        "plugin_rounds: .long 0\n"
        ".text\n");

extern int plugin_rounds;

void plugin_use(void) { printf("used %d times\n", ++plugin_rounds); }
