#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *house = dlopen("./libhouse.so", RTLD_LAZY);
  puts("house open");
  void *shed = dlopen("./libshed.so", RTLD_LAZY);
  puts("shed open");
  dlclose(house);
  puts("house closed");
  dlclose(shed);
  puts("shed closed");
}
