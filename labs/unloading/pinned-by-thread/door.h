#include <pthread.h>

/** Where the plugin's thread waits until the program lets it go on. */
struct door {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int waits, open;
};
