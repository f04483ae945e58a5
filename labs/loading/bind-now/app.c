#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *door = dlopen("./libdoor.so", RTLD_LAZY);
  if (door == NULL) {
    puts(dlerror());
    return 1;
  }
  ((void (*)(void))dlsym(door, "door_open"))();
}
