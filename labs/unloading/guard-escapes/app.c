void first_use(void), second_use(void);

int main(void) {
  first_use();
  second_use();
}
