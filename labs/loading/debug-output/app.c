#include <dlfcn.h>
#include <stdio.h>

int day_length(void);

int main(void) {
  printf("the day has %d hours\n", day_length());
  void *night = dlopen("./libnight.so", RTLD_LAZY);
  if (night == NULL) {
    puts(dlerror());
    return 1;
  }
  printf("the night has %d\n", ((int (*)(void))dlsym(night, "night_length"))());
  return dlclose(night);
}
