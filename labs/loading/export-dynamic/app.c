#include <dlfcn.h>
#include <stdio.h>

/* Called by the guest. */
const char *host_name(void) { return "the host"; }

int main(void) {
  void *guest = dlopen("./libguest.so", RTLD_NOW);
  if (guest == NULL) {
    puts(dlerror());
    return 1;
  }
  ((void (*)(void))dlsym(guest, "guest_greet"))();
}
