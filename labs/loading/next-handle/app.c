#include <stdio.h>
#include <stdlib.h>

int malloc_calls(void);

int main(void) {
  int before = malloc_calls();
  char *volatile page = malloc(100);
  char *volatile note = malloc(10);
  int after = malloc_calls();
  printf("%d calls of malloc\n", after - before);
  free(page);
  free(note);
}
