void left_turn(void);
