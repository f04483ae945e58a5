#include "door.h"

static struct door *door;
static pthread_t thread;

#ifdef REMEMBERED
/* What a thread-local object with a destructor comes to in C++. */
int __cxa_thread_atexit_impl(void (*)(void *), void *, void *);
extern void *__dso_handle __attribute__((visibility("hidden")));
static void forget(void *object) { (void)object; }
#endif

static void *guest(void *unused) {
#ifdef REMEMBERED
  __cxa_thread_atexit_impl(forget, NULL, __dso_handle);
#endif
  pthread_mutex_lock(&door->lock);
  door->waits = 1;
  pthread_cond_broadcast(&door->changed);
  while (!door->open) pthread_cond_wait(&door->changed, &door->lock);
  door->waits = 0;
  pthread_cond_broadcast(&door->changed);
  pthread_mutex_unlock(&door->lock);
  return unused;
}

void plugin_use(struct door *given) {
  door = given;
  pthread_create(&thread, NULL, guest, NULL);
}

#ifdef JOINED
__attribute__((destructor)) static void end(void) {
  pthread_mutex_lock(&door->lock);
  door->open = 1;
  pthread_cond_broadcast(&door->changed);
  pthread_mutex_unlock(&door->lock);
  pthread_join(thread, NULL);
}
#endif
