void right_turn(void);
