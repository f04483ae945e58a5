void east_greet(void);
void west_greet(void);

int main(void) {
  east_greet();
  west_greet();
}
