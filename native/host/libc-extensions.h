/* Functions of the dlopen API that not every C library has, found when the host starts; NULL where missing.
   Their constants and structures are those of glibc's dlfcn.h, which musl and OpenHarmony share as far as they
   have the functions at all. */
#ifndef SOLDER_LIBC_EXTENSIONS_H
#define SOLDER_LIBC_EXTENSIONS_H

#include <dlfcn.h>
#include <stddef.h>

struct libc_extensions {
  void *(*dlmopen)(long, const char *, int);
  void *(*dlvsym)(void *, const char *, const char *);
  int (*dladdr1)(const void *, Dl_info *, void **, int);
  int (*dlinfo)(void *, int, void *);
};

extern struct libc_extensions libc_extensions;
void find_libc_extensions(void);

enum { ADDRESS_INFO_SYMBOL = 1 };

enum handle_info {
  HANDLE_INFO_NAMESPACE = 1,
  HANDLE_INFO_LINK_MAP = 2,
  HANDLE_INFO_SEARCH_PATH = 4,
  HANDLE_INFO_SEARCH_PATH_SIZE = 5,
  HANDLE_INFO_ORIGIN = 6,
  HANDLE_INFO_TLS_MODULE = 9,
  HANDLE_INFO_TLS_DATA = 10,
};

struct search_path {
  size_t size;
  unsigned count;
  struct {
    char *name;
    unsigned flags;
  } directories[];
};

#endif
