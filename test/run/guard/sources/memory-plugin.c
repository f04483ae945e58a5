/* cc -O1 -fPIC -shared: loses a key, and a kilobyte that no guard gives back. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_key_t key;
char *kept;

int run(void) {
  kept = malloc(1024);
  if (kept != NULL) memset(kept, 1, 1024);
  return pthread_key_create(&key, NULL) == 0;
}
