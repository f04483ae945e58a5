#include "descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* The kernel keeps a table up to the highest number, and copies it in every fork(2). */
enum { HIGHEST = 4096, OWN = 16 };

int lowest_descriptor(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > HIGHEST) return HIGHEST - OWN;
  return limit.rlim_cur > 2 * OWN ? (int)limit.rlim_cur - OWN : OWN;
}

int raise_descriptor(int fd, int lowest) {
  int raised = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  if (raised >= 0) close(fd);
  return raised;
}
