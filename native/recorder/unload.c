/* dlclose(3) frees addresses for other code. */
#include "caller.h"
#include "next.h"

EXPORTED int dlclose(void *handle) {
  int error = NEXT(dlclose)(handle);
  forget_objects();
  return error;
}
