#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static void visit(int mode) {
  void *guest_book = dlopen("./libbook.so", RTLD_LAZY | mode);
  int (*sign)(void) = (int (*)(void))dlsym(guest_book, "book_sign");
  printf("guest number %d\n", sign());
  dlclose(guest_book);
}

/* app [keep]: opens the library twice, with RTLD_NODELETE for the first time. */
int main(int argc, char **argv) {
  visit(argc > 1 && strcmp(argv[1], "keep") == 0 ? RTLD_NODELETE : 0);
  visit(0);
}
