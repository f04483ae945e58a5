int count_words(const char *text);

int abstract_fits(const char *text) { return count_words(text) <= 200; }
