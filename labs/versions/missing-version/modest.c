void river_length(void);

int main(void) { river_length(); }
