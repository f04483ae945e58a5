void river_length(void);
void river_source(void);

int main(int argc, char **argv) {
  (void)argv;
  river_length();
  if (argc > 1) river_source();
}
