/* System calls without the C library: its functions could be interposed by a preloaded library, and they set
   errno, which belongs to the foreign code. Each returns the kernel's result, errors as -errno. */
#ifndef SOLDER_SYSTEM_CALLS_H
#define SOLDER_SYSTEM_CALLS_H

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>

_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8, "the host is made for 64-bit processors");

static inline long system_call(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory", "cc");
  return x0;
#else
#error "the host is made for x86-64 and aarch64"
#endif
}

static inline long sys_read(int fd, void *data, size_t size) {
  return system_call(SYS_read, fd, (long)data, (long)size, 0, 0, 0);
}

static inline long sys_write(int fd, const void *data, size_t size) {
  return system_call(SYS_write, fd, (long)data, (long)size, 0, 0, 0);
}

static inline long sys_close(int fd) { return system_call(SYS_close, fd, 0, 0, 0, 0, 0); }

/* close_range(2), since Linux 5.9. */
static inline long sys_close_range(unsigned first, unsigned last) {
  enum { CLOSE_RANGE = 436 };
  return system_call(CLOSE_RANGE, first, last, 0, 0, 0, 0);
}

static inline long sys_open(const char *path, int flags) {
  return system_call(SYS_openat, AT_FDCWD, (long)path, flags, 0, 0, 0);
}

static inline long sys_getpid(void) { return system_call(SYS_getpid, 0, 0, 0, 0, 0, 0); }
static inline long sys_gettid(void) { return system_call(SYS_gettid, 0, 0, 0, 0, 0, 0); }

static inline void sys_signal_thread(long process, long thread, int number) {
  system_call(SYS_tgkill, process, thread, number, 0, 0, 0);
}

/* MAP_FAILED is one of the errors, which are the last page of addresses. */
static inline bool sys_failed(const void *address) { return (unsigned long)address >= -4095UL; }

static inline void *sys_map(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
  return (void *)system_call(SYS_mmap, 0, (long)size, PROT_READ | PROT_WRITE, flags, -1, 0);
}

static inline void *sys_enlarge(void *old, size_t old_size, size_t size) {
  return (void *)system_call(SYS_mremap, (long)old, (long)old_size, (long)size, MREMAP_MAYMOVE, 0, 0);
}

_Noreturn static inline void sys_exit(int status) {
  for (;;) system_call(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

#endif
