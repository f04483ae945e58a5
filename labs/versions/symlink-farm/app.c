void clock_print(void);

int main(void) { clock_print(); }
