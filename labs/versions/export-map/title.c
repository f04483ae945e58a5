int count_words(const char *text);

int title_fits(const char *text) { return count_words(text) <= 5; }
