#include <stdio.h>

int title_fits(const char *text);

/* From no header of the library: found with nm. */
int count_words(const char *text);

int main(void) {
  printf("title %d\n", title_fits("It works"));
  printf("%d words\n", count_words("it works today"));
}
