/* dlopen(3), dlmopen(3), dlsym(3), dlvsym(3), dlclose(3). */
#include <dlfcn.h>

#include "libc-extensions.h"
#include "operations.h"

/* Text of dlerror(3); it may have nothing to say, as for RTLD_NOLOAD. */
static enum status refused(struct buffer *reply, const char *message) {
  put_string(reply, message);
  return STATUS_REFUSED;
}

static enum status missing(struct buffer *reply, const char *function) {
  put_string(reply, function);
  return STATUS_MISSING;
}

enum status open_library(struct request *request, struct buffer *reply) {
  const char *file = get_string(request);
  int flags = (int)get_u32(request);
  uint8_t has_namespace = get_u8(request);
  long namespace_number = (long)get_u64(request);
  if (request->malformed) return STATUS_MALFORMED;
  if (has_namespace && libc_extensions.dlmopen == NULL) return missing(reply, "dlmopen");
  dlerror();
  void *handle =
      has_namespace ? libc_extensions.dlmopen(namespace_number, file, flags) : dlopen(file, flags);
  if (handle == NULL) return refused(reply, dlerror());
  put_address(reply, handle);
  return STATUS_DONE;
}

enum status close_library(struct request *request, struct buffer *reply) {
  void *handle = get_address(request);
  if (request->malformed) return STATUS_MALFORMED;
  dlerror();
  return dlclose(handle) == 0 ? STATUS_DONE : refused(reply, dlerror());
}

enum status find_symbol(struct request *request, struct buffer *reply) {
  uint8_t place = get_u8(request);
  void *handle = get_address(request);
  const char *name = get_string(request);
  const char *version = get_string(request);
  if (request->malformed || name == NULL || place > PLACE_HANDLE) return STATUS_MALFORMED;
  if (version != NULL && libc_extensions.dlvsym == NULL) return missing(reply, "dlvsym");
  if (place == PLACE_DEFAULT) handle = RTLD_DEFAULT;
  if (place == PLACE_NEXT) handle = RTLD_NEXT;
  dlerror();
  void *address = version != NULL ? libc_extensions.dlvsym(handle, name, version) : dlsym(handle, name);
  const char *message = address == NULL ? dlerror() : NULL;
  if (message != NULL) return refused(reply, message);
  put_address(reply, address);
  return STATUS_DONE;
}
