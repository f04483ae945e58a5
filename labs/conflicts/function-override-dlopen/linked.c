void left_turn(void);
void right_turn(void);

int main(void) {
  left_turn();
  right_turn();
}
