void speak(void);

int main(void) { speak(); }
