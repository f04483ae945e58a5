void early_print(void);
void late_print(void);

int main(void) {
  early_print();
  late_print();
}
