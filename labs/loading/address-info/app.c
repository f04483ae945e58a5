#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static void tell(const char *what, const char *address) {
  Dl_info info;
  if (dladdr(address, &info) == 0) {
    printf("%s: in no object\n", what);
    return;
  }
  const char *slash = strrchr(info.dli_fname, '/');
  printf("%s: %s, ", what, slash == NULL ? info.dli_fname : slash + 1);
  if (info.dli_sname == NULL) puts("no symbol");
  else printf("%s+%ld\n", info.dli_sname, (long)(address - (char *)info.dli_saddr));
}

int main(void) {
  int mine = 0;
  void *garden = dlopen("./libgarden.so", RTLD_LAZY);
  char *bed = dlsym(garden, "bed");
  char *pond = dlsym(garden, "pond");
  Dl_info info;
  dladdr(bed, &info);
  tell("water", dlsym(garden, "water"));
  tell("bed", bed);
  tell("bed+6", bed + 6);
  tell("pond", pond);
  tell("pond+1", pond + 1);
  tell("shed", ((char *(*)(void))dlsym(garden, "shed_door"))());
  tell("start of the file", info.dli_fbase);
  tell("stack", (char *)&mine);
}
