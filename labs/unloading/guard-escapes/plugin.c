#include <pthread.h>

#define JOIN(a, b) a##b
#define USE(name) JOIN(name, _use)

static pthread_key_t key;

void USE(NAME)(void) { pthread_key_create(&key, NULL); }
