#pragma GCC visibility push(default)
void heater_set(int degrees);
void heater_show(void);
#pragma GCC visibility pop
