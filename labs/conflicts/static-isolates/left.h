void left_set(int to);
void left_show(void);
