void first(void);
void second(void);

int main(void) {
  first();
  second();
}
