void right_set(int to);
void right_show(void);
