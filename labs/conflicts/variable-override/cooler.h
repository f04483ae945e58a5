#pragma GCC visibility push(default)
void cooler_set(int degrees);
void cooler_show(void);
#pragma GCC visibility pop
