#include <stdio.h>

static void __attribute__((constructor(201))) unlock(void) { puts("shop: unlocked"); }

static void __attribute__((constructor(202))) light(void) { puts("shop: lit"); }

static void __attribute__((destructor(202))) dim(void) { puts("shop: dark"); }

static void __attribute__((destructor(201))) lock(void) { puts("shop: locked"); }

void shop_sell(void) { puts("sold"); }
