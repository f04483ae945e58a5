/* For the other files of the library. */
int count_words(const char *text) {
  int words = 0;
  for (char last = ' '; *text != '\0'; last = *text++) words += last == ' ' && *text != ' ';
  return words;
}
