#include <dlfcn.h>
#include <stdio.h>

int main(void) {
  void *roof = dlopen("./libroof.so", RTLD_LAZY);
  if (roof == NULL) {
    puts(dlerror());
    return 1;
  }
  puts("open");
  dlclose(roof);
  puts("closed");
}
