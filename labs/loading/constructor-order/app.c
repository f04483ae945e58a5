#include <stdio.h>

static void __attribute__((constructor)) rise(void) { puts("+ app"); }

static void __attribute__((destructor)) fall(void) { puts("- app"); }

int main(void) { puts("main"); }
