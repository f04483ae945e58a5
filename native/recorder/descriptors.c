/* Functions that make file descriptors, and those that close them. What stdio and opendir(3) open is known by
   their results: inside the C library nothing is interposed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "caller.h"
#include "next.h"

/* The result of what made it, unchanged; errno too. */
static int made(int fd, site made_by) {
  if (fd >= 0 && recorder_table != NULL) set_site(recorder_table->descriptors, DESCRIPTORS, fd, made_by);
  return fd;
}

static void gone(int fd) { made(fd, 0); }

static FILE *made_file(FILE *file, site made_by) {
  if (file != NULL) made(fileno(file), made_by);
  return file;
}

static int made_pair(int outcome, const int *pair, site made_by) {
  if (outcome == 0) {
    made(pair[0], made_by);
    made(pair[1], made_by);
  }
  return outcome;
}

/* The mode is there only when a file may be made (open(2)). */
static mode_t mode_of(int flags, va_list *arguments) {
  return (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(*arguments, mode_t) : 0;
}

#define OPEN(name)                                                       \
  EXPORTED int name(const char *path, int flags, ...) {                  \
    va_list arguments;                                                   \
    va_start(arguments, flags);                                          \
    mode_t mode = mode_of(flags, &arguments);                            \
    va_end(arguments);                                                   \
    return made(NEXT(name)(path, flags, mode), CALLER);                  \
  }
#define OPEN_AT(name)                                                    \
  EXPORTED int name(int directory, const char *path, int flags, ...) {   \
    va_list arguments;                                                   \
    va_start(arguments, flags);                                          \
    mode_t mode = mode_of(flags, &arguments);                            \
    va_end(arguments);                                                   \
    return made(NEXT(name)(directory, path, flags, mode), CALLER);       \
  }
/* fcntl(2) takes an integer or a pointer or nothing; all of them come in one register. */
#define CONTROL(name)                                                    \
  EXPORTED int name(int fd, int command, ...) {                          \
    va_list arguments;                                                   \
    va_start(arguments, command);                                        \
    void *argument = va_arg(arguments, void *);                          \
    va_end(arguments);                                                   \
    int outcome = NEXT(name)(fd, command, argument);                     \
    bool is_new = command == F_DUPFD || command == F_DUPFD_CLOEXEC;      \
    return is_new ? made(outcome, CALLER) : outcome;                     \
  }
/* A function with its parameters and the arguments that they become. */
#define MAKES(name, parameters, arguments) \
  EXPORTED int name parameters { return made(NEXT(name) arguments, CALLER); }
#define MAKES_PAIR(name, parameters, arguments) \
  EXPORTED int name parameters { return made_pair(NEXT(name) arguments, pair, CALLER); }
#define MAKES_FILE(name, parameters, arguments) \
  EXPORTED FILE *name parameters { return made_file(NEXT(name) arguments, CALLER); }

OPEN(open)
OPEN(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
CONTROL(fcntl)
CONTROL(fcntl64)
/* What _FORTIFY_SOURCE makes of open without a mode. */
int __open_2(const char *, int);
int __open64_2(const char *, int);
MAKES(__open_2, (const char *path, int flags), (path, flags))
MAKES(__open64_2, (const char *path, int flags), (path, flags))
MAKES(creat, (const char *path, mode_t mode), (path, mode))
MAKES(creat64, (const char *path, mode_t mode), (path, mode))
MAKES(socket, (int domain, int type, int protocol), (domain, type, protocol))
MAKES(accept, (int fd, struct sockaddr *peer, socklen_t *size), (fd, peer, size))
MAKES(accept4, (int fd, struct sockaddr *peer, socklen_t *size, int flags), (fd, peer, size, flags))
MAKES(dup, (int fd), (fd))
MAKES(dup2, (int fd, int number), (fd, number))
MAKES(dup3, (int fd, int number, int flags), (fd, number, flags))
MAKES(eventfd, (unsigned value, int flags), (value, flags))
MAKES(epoll_create, (int size), (size))
MAKES(epoll_create1, (int flags), (flags))
MAKES(timerfd_create, (int clock, int flags), (clock, flags))
MAKES(signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))
MAKES(inotify_init, (void), ())
MAKES(inotify_init1, (int flags), (flags))
MAKES(memfd_create, (const char *name, unsigned flags), (name, flags))
MAKES(fanotify_init, (unsigned flags, unsigned event_flags), (flags, event_flags))
MAKES(mkstemp, (char *name), (name))
MAKES(mkstemp64, (char *name), (name))
MAKES(mkostemp, (char *name, int flags), (name, flags))
MAKES(mkostemp64, (char *name, int flags), (name, flags))
MAKES(mkstemps, (char *name, int suffix), (name, suffix))
MAKES(mkstemps64, (char *name, int suffix), (name, suffix))
MAKES(mkostemps, (char *name, int suffix, int flags), (name, suffix, flags))
MAKES(mkostemps64, (char *name, int suffix, int flags), (name, suffix, flags))
MAKES(posix_openpt, (int flags), (flags))
/* Elsewhere in librt, which is not there unless the plugin brings it. */
#if __GLIBC_PREREQ(2, 34)
MAKES(shm_open, (const char *name, int flags, mode_t mode), (name, flags, mode))
#endif
MAKES_PAIR(pipe, (int pair[2]), (pair))
MAKES_PAIR(pipe2, (int pair[2], int flags), (pair, flags))
MAKES_PAIR(socketpair, (int domain, int type, int protocol, int pair[2]), (domain, type, protocol, pair))
MAKES_FILE(fopen, (const char *path, const char *mode), (path, mode))
MAKES_FILE(fopen64, (const char *path, const char *mode), (path, mode))
MAKES_FILE(tmpfile, (void), ())
MAKES_FILE(tmpfile64, (void), ())
MAKES_FILE(popen, (const char *command, const char *mode), (command, mode))

#define REOPEN(name)                                                     \
  EXPORTED FILE *name(const char *path, const char *mode, FILE *file) {  \
    gone(fileno(file));                                                  \
    return made_file(NEXT(name)(path, mode, file), CALLER);              \
  }

REOPEN(freopen)
REOPEN(freopen64)

EXPORTED DIR *opendir(const char *path) {
  DIR *directory = NEXT(opendir)(path);
  if (directory != NULL) made(dirfd(directory), CALLER);
  return directory;
}

/* Forgotten first: once a number is given back, another thread may get it at once. */
EXPORTED int close(int fd) {
  gone(fd);
  return NEXT(close)(fd);
}

EXPORTED int fclose(FILE *file) {
  gone(fileno(file));
  return NEXT(fclose)(file);
}

EXPORTED int pclose(FILE *file) {
  gone(fileno(file));
  return NEXT(pclose)(file);
}

EXPORTED int closedir(DIR *directory) {
  gone(dirfd(directory));
  return NEXT(closedir)(directory);
}
