#define _DEFAULT_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* The program keeps a function, until it is told to forget it. */
void host_set_callback(void (*)(void));
void host_clear_callback(void);

static void speak(void) { puts("the plugin speaks"); }

#if defined ATEXIT
void plugin_use(void) { atexit(speak); }

#elif defined ON_EXIT
static void leave(int status, void *unused) {
  (void)status, (void)unused;
  speak();
}
void plugin_use(void) { on_exit(leave, NULL); }

#elif defined SIGNAL
static void handler(int number) {
  (void)number;
  speak();
}
void plugin_use(void) { signal(SIGUSR1, handler); }

#elif defined KEY
static pthread_key_t key;
static void destroy(void *value) {
  (void)value;
  speak();
}
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, destroy); }
void plugin_use(void) { pthread_setspecific(key, &key); }

#elif defined CALLBACK
void plugin_use(void) { host_set_callback(speak); }
#endif

#ifdef TAKEN_BACK
__attribute__((destructor)) static void end(void) {
#if defined SIGNAL
  signal(SIGUSR1, SIG_IGN);
#elif defined KEY
  pthread_key_delete(key);
#elif defined CALLBACK
  host_clear_callback();
#endif
}
#endif
