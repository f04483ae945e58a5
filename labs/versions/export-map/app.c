#include <stdio.h>

int title_fits(const char *text);
int abstract_fits(const char *text);

int main(void) {
  printf("title %d\n", title_fits("A very long title for a paper"));
  printf("abstract %d\n", abstract_fits("And nothing to say"));
}
