#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *first = dlopen("./liblamp.so", RTLD_LAZY);
  void *second = dlopen("./liblamp.so", RTLD_LAZY);
  puts(first == second ? "one handle" : "two handles");
  dlclose(first);
  puts("closed once");
  dlclose(second);
  puts("closed twice");
  void *third = dlopen("./liblamp.so", RTLD_LAZY);
  puts(third == NULL ? dlerror() : "opened again");
}
