#include "libc-extensions.h"

struct libc_extensions libc_extensions;

/* ISO C has no conversion from an object pointer to a function pointer; POSIX asks for it (dlsym). */
static void find(const char *name, void *function) { *(void **)function = dlsym(RTLD_DEFAULT, name); }

void find_libc_extensions(void) {
  find("dlmopen", &libc_extensions.dlmopen);
  find("dlvsym", &libc_extensions.dlvsym);
  find("dladdr1", &libc_extensions.dladdr1);
  find("dlinfo", &libc_extensions.dlinfo);
  dlerror();
}
