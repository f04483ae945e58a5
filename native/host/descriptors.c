#include "descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "system-calls.h"

/* The kernel keeps a table up to the highest number, and copies it in every fork(2). */
enum { HIGHEST = 4096, OWN = 16 };

int lowest_descriptor(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > HIGHEST) return HIGHEST - OWN;
  return limit.rlim_cur > 2 * OWN ? (int)limit.rlim_cur - OWN : OWN;
}

/* By system calls: functions may be interposed, by whoever records what foreign code opens. */
int raise_descriptor(int fd, int lowest) {
  long raised = system_call(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest, 0, 0, 0);
  if (raised < 0) return -1;
  sys_close(fd);
  return (int)raised;
}
