/** What the host of the test measures as growing from round to round, by the kind that has to tell of it. */
export type Measured = 'keys' | 'threads' | 'descriptors' | 'handlers' | 'mappings' | 'callbacks' | 'objects';

export interface Plugin {
  readonly name: string;
  readonly source: string;
  /** C unless said otherwise. */
  readonly language?: 'c++';
  readonly flags?: readonly string[];
  /** Linked in front of the libraries, with clang's C++ library linked statically: `libc++`. */
  readonly standardLibrary?: 'libc++' | 'libc++ static';
  /** Compilers that it is built with; both by default. */
  readonly compilers?: readonly ('gcc' | 'clang')[];
  /** Kinds that have to be found, whatever was measured. */
  readonly kinds?: readonly string[];
  /** Leaves nothing: no warning and no error may be told. */
  readonly clean?: true;
}

const THREADS = ['-pthread'];

export const PLUGINS: readonly Plugin[] = [
  {
    name: 'key without deletion, at load',
    source: `#include <pthread.h>
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
void run(void) { pthread_setspecific(key, &key); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key without deletion, at use',
    source: `#include <pthread.h>
static pthread_key_t key; static int made;
void run(void) { if (!made) made = pthread_key_create(&key, 0) == 0; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key by pthread_once',
    source: `#include <pthread.h>
static pthread_key_t key; static pthread_once_t once = PTHREAD_ONCE_INIT;
static void make(void) { pthread_key_create(&key, 0); }
void run(void) { pthread_once(&once, make); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key by compare and exchange, deleted by whoever came too late',
    source: `#include <pthread.h>
static pthread_key_t key;
void run(void) {
  pthread_key_t none = 0, mine;
  if (__atomic_load_n(&key, __ATOMIC_ACQUIRE) == 0) {
    if (pthread_key_create(&mine, 0) != 0) return;
    if (!__atomic_compare_exchange_n(&key, &none, mine, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) pthread_key_delete(mine);
  }
  pthread_setspecific(key, &key);
}`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key by compare and exchange behind a parameter',
    source: `#include <pthread.h>
static struct { void (*end)(void *); pthread_key_t key; } lazy;
static __attribute__((noinline)) pthread_key_t make(pthread_key_t *key) {
  pthread_key_t none = 0, mine;
  if (pthread_key_create(&mine, 0) != 0) return 0;
  if (__atomic_compare_exchange_n(key, &none, mine, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) return mine;
  pthread_key_delete(mine);
  return none;
}
void run(void) {
  pthread_key_t key = __atomic_load_n(&lazy.key, __ATOMIC_ACQUIRE);
  pthread_setspecific(key != 0 ? key : make(&lazy.key), &lazy);
}`,
    // What clang -O0 keeps above the key in the frame counts as written by the call that makes it.
    compilers: ['gcc'],
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key by compare and exchange, deleted at the end too',
    source: `#include <pthread.h>
static pthread_key_t key;
void run(void) {
  pthread_key_t none = 0, mine;
  if (__atomic_load_n(&key, __ATOMIC_ACQUIRE) == 0) {
    if (pthread_key_create(&mine, 0) != 0) return;
    if (!__atomic_compare_exchange_n(&key, &none, mine, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) pthread_key_delete(mine);
  }
}
__attribute__((destructor)) static void end(void) { pthread_key_delete(key); }`,
    clean: true,
  },
  {
    name: 'thread whose name others can read, joined by the function that starts it',
    source: `#include <pthread.h>
pthread_t worker;
static void *work(void *nothing) { return nothing; }
void run(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, work, 0) != 0) return;
  worker = thread;
  for (int i = 0; i < 9; i++) __asm__ volatile("");
  pthread_join(thread, 0);
}`,
    flags: THREADS,
    clean: true,
  },
  {
    name: 'two keys, one deleted',
    source: `#include <pthread.h>
static pthread_key_t one, two;
__attribute__((constructor)) static void begin(void) { pthread_key_create(&one, 0); pthread_key_create(&two, 0); }
__attribute__((destructor)) static void end(void) { pthread_key_delete(one); }
void run(void) {}`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'two keys made by one function',
    source: `#include <pthread.h>
static pthread_key_t one, two;
__attribute__((noinline)) static int make(pthread_key_t *key) { return pthread_key_create(key, 0); }
__attribute__((constructor)) static void begin(void) { make(&one); make(&two); }
void run(void) { pthread_setspecific(one, &two); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'two keys made by one function, one deleted by another',
    source: `#include <pthread.h>
static pthread_key_t one, two;
__attribute__((noinline)) static int make(pthread_key_t *key) { return pthread_key_create(key, 0); }
__attribute__((noinline)) static int drop(pthread_key_t key) { return pthread_key_delete(key); }
__attribute__((constructor)) static void begin(void) { make(&one); make(&two); }
__attribute__((destructor)) static void end(void) { drop(one); }
void run(void) { pthread_setspecific(one, &two); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'two keys made by one function, both deleted by another',
    clean: true,
    source: `#include <pthread.h>
static pthread_key_t one, two;
__attribute__((noinline)) static int make(pthread_key_t *key) { return pthread_key_create(key, 0); }
__attribute__((noinline)) static int drop(pthread_key_t key) { return pthread_key_delete(key); }
__attribute__((constructor)) static void begin(void) { make(&one); make(&two); }
__attribute__((destructor)) static void end(void) { drop(one); drop(two); }
void run(void) { pthread_setspecific(one, &two); }`,
  },
  {
    name: 'three keys of three objects',
    language: 'c++',
    source: `#include <pthread.h>
namespace { struct Key { pthread_key_t key; Key() { pthread_key_create(&key, nullptr); } } one, two, three; }
extern "C" int run() { return one.key + two.key + three.key > 9999; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'three keys made in a loop, one deleted',
    source: `#include <pthread.h>
static pthread_key_t keys[3];
__attribute__((constructor)) static void begin(void) { for (int i = 0; i < 3; i++) pthread_key_create(&keys[i], 0); }
__attribute__((destructor)) static void end(void) { pthread_key_delete(keys[1]); }
void run(void) { pthread_setspecific(keys[0], keys); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'three keys that a function gives back',
    source: `#include <pthread.h>
static pthread_key_t one, two, three;
__attribute__((noinline)) static pthread_key_t make(void) { pthread_key_t key; pthread_key_create(&key, 0); return key; }
__attribute__((constructor)) static void begin(void) { one = make(); two = make(); three = make(); }
int run(void) { return one + two + three > 9999; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'two keys in objects that a function gives back',
    source: `#include <pthread.h>
#include <stdlib.h>
struct kept { int number; pthread_key_t key; };
static struct kept *one, *two;
__attribute__((noinline)) static struct kept *make(void) { struct kept *made = malloc(sizeof *made); pthread_key_create(&made->key, 0); return made; }
__attribute__((constructor)) static void begin(void) { one = make(); two = make(); }
int run(void) { return one->key + two->key > 9999; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'keys noted down in a table, all deleted from there',
    clean: true,
    source: `#include <pthread.h>
static pthread_key_t one, two, noted[1024]; static int count;
__attribute__((noinline)) static void make(pthread_key_t *key) { if (!pthread_key_create(key, 0)) noted[count++] = *key; }
__attribute__((constructor)) static void begin(void) { make(&one); make(&two); }
__attribute__((destructor)) static void end(void) { for (int i = 0; i < count; i++) { pthread_key_t key = noted[i]; pthread_key_delete(key); } }
void run(void) { pthread_setspecific(one, &two); }`,
  },
  {
    // As libgcc and libstdc++ do to learn whether there are threads (gthr-posix.h).
    name: 'asks whether keys can be made',
    clean: true,
    source: `#include <pthread.h>
extern int __pthread_key_create(pthread_key_t *, void (*)(void *)) __attribute__((weak));
int run(void) { return __pthread_key_create != 0; }`,
  },
  {
    // Nothing is lost here; that it may be is told, that it must be is not.
    name: 'key on a condition, at load',
    source: `#include <pthread.h>
#include <stdlib.h>
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { if (getenv("SOLDER_TEST_NO_SUCH_VARIABLE")) pthread_key_create(&key, 0); }
void run(void) { pthread_setspecific(key, 0); }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key made by what dlsym finds',
    source: `#include <dlfcn.h>
#include <pthread.h>
static pthread_key_t key;
void run(void) {
  int (*make)(pthread_key_t *, void (*)(void *)) = (int (*)(pthread_key_t *, void (*)(void *)))dlsym(0, "pthread_key_create");
  make(&key, 0);
}`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key deleted through a pointer to the function',
    clean: true,
    source: `#include <pthread.h>
struct calls { int (*make)(pthread_key_t *, void (*)(void *)); int (*drop)(pthread_key_t); };
static const struct calls calls = { pthread_key_create, pthread_key_delete };
static const struct calls *volatile used = &calls;
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { int (*make)(pthread_key_t *, void (*)(void *)) = pthread_key_create; make(&key, 0); }
__attribute__((destructor)) static void end(void) { used->drop(key); }
void run(void) { pthread_setspecific(key, &key); }`,
  },
  {
    name: 'key of C11',
    source: `#include <threads.h>
static tss_t key;
__attribute__((constructor)) static void begin(void) { tss_create(&key, 0); }
void run(void) {}`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key through a pointer to the function',
    source: `#include <pthread.h>
static pthread_key_t key;
static int (*const volatile create)(pthread_key_t *, void (*)(void *)) = pthread_key_create;
static void make(void) { pthread_key_create(&key, 0); }
struct operations { void (*begin)(void); };
const struct operations plugin_operations = { make };
void run(void) { if (!key) plugin_operations.begin(); (void)create; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'a key for each of several',
    source: `#include <pthread.h>
static pthread_key_t keys[5];
__attribute__((constructor)) static void begin(void) { for (int i = 0; i < 5; i++) pthread_key_create(&keys[i], 0); }
void run(void) {}`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'key deleted in a destructor',
    clean: true,
    source: `#include <pthread.h>
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
__attribute__((destructor)) static void end(void) { pthread_key_delete(key); }
void run(void) {}`,
  },
  {
    name: 'key made at use, deleted in a destructor',
    clean: true,
    source: `#include <pthread.h>
static pthread_key_t key; static int made;
void run(void) { if (!made) made = pthread_key_create(&key, 0) == 0; }
__attribute__((destructor)) static void end(void) { if (made) pthread_key_delete(key); }`,
  },
  {
    name: 'key of C11, deleted at exit',
    clean: true,
    source: `#include <threads.h>
#include <stdlib.h>
static tss_t key;
static void end(void) { tss_delete(key); }
__attribute__((constructor)) static void begin(void) { tss_create(&key, 0); atexit(end); }
void run(void) {}`,
  },
  {
    name: 'key of a static object',
    clean: true,
    language: 'c++',
    source: `#include <pthread.h>
namespace { struct Key { pthread_key_t key; Key() { pthread_key_create(&key, nullptr); } ~Key() { pthread_key_delete(key); } } key; }
extern "C" void run() { pthread_setspecific(key.key, &key); }`,
  },
  {
    name: 'key of a local static object',
    clean: true,
    language: 'c++',
    source: `#include <pthread.h>
struct Key { pthread_key_t key; Key() { pthread_key_create(&key, nullptr); } ~Key() { pthread_key_delete(key); } };
extern "C" void run() { static Key key; pthread_setspecific(key.key, &key); }`,
    flags: ['-fno-gnu-unique', '-fvisibility=hidden'],
    compilers: ['gcc'],
  },
  {
    name: 'key deleted by an exported function that the host calls',
    clean: true,
    source: `#include <pthread.h>
void run(void) { pthread_key_t key; pthread_key_create(&key, 0); pthread_key_delete(key); }`,
  },
  {
    name: 'thread that is not joined',
    source: `#include <pthread.h>
#include <unistd.h>
static void *work(void *p) { for (;;) pause(); return p; }
void run(void) { pthread_t t; pthread_create(&t, 0, work, 0); pthread_detach(t); }`,
    flags: ['-Wl,-z,nodelete', ...THREADS],
    kinds: ['unload.thread', 'unload.pinned-nodelete'],
  },
  {
    // A thread that was still on its way through the plugin's code would die with it.
    name: 'detached thread',
    source: `#include <pthread.h>
#include <unistd.h>
__attribute__((constructor)) static void begin(void) {
  pthread_t t; pthread_attr_t a; pthread_attr_init(&a);
  pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED); pthread_create(&t, &a, (void *(*)(void *))(void (*)(void))pause, 0); }
void run(void) {}`,
    kinds: ['unload.thread'],
  },
  {
    name: 'detached std::thread',
    language: 'c++',
    source: `#include <thread>
#include <unistd.h>
extern "C" void run() { std::thread([] { for (;;) pause(); }).detach(); usleep(20000); }`,
    kinds: ['unload.thread'],
  },
  {
    name: 'joined thread',
    clean: true,
    source: `#include <pthread.h>
static void *work(void *p) { return p; }
void run(void) { pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); }`,
  },
  {
    name: 'joined std::thread',
    clean: true,
    language: 'c++',
    source: `#include <thread>
extern "C" void run() { int n = 0; std::thread t([&] { n++; }); t.join(); }`,
    flags: ['-fno-gnu-unique'],
    compilers: ['gcc'],
  },
  {
    name: 'thread waited for by trying to join',
    clean: true,
    source: `#define _GNU_SOURCE
#include <pthread.h>
#include <unistd.h>
static void *work(void *p) { return p; }
void run(void) { pthread_t t; pthread_create(&t, 0, work, 0); while (pthread_tryjoin_np(t, 0)) usleep(100); }`,
  },
  {
    name: 'two threads, one joined',
    source: `#include <pthread.h>
#include <unistd.h>
static pthread_t one, two;
__attribute__((constructor)) static void begin(void) {
  pthread_create(&one, 0, (void *(*)(void *))(void (*)(void))pause, 0);
  pthread_create(&two, 0, (void *(*)(void *))(void (*)(void))pause, 0);
}
__attribute__((destructor)) static void end(void) { pthread_cancel(one); pthread_join(one, 0); }
void run(void) {}`,
    kinds: ['unload.thread'],
  },
  {
    name: 'thread stopped by a destructor',
    clean: true,
    source: `#include <pthread.h>
#include <semaphore.h>
static sem_t stop; static pthread_t thread;
static void *work(void *p) { sem_wait(&stop); return p; }
__attribute__((constructor)) static void begin(void) { sem_init(&stop, 0, 0); pthread_create(&thread, 0, work, 0); }
__attribute__((destructor)) static void end(void) { sem_post(&stop); pthread_join(thread, 0); sem_destroy(&stop); }
void run(void) {}`,
  },
  {
    name: 'atexit',
    clean: true,
    source: `#include <stdlib.h>
static int count; static void end(void) { count--; }
__attribute__((constructor)) static void begin(void) { atexit(end); count++; }
void run(void) {}`,
  },
  {
    name: 'on_exit',
    source: `#define _DEFAULT_SOURCE
#include <stdlib.h>
static void end(int status, void *p) { (void)status; (void)p; }
void run(void) { on_exit(end, 0); }`,
    kinds: ['unload.exit-handler'],
  },
  {
    name: 'atexit without start files',
    source: `extern int __cxa_atexit(void (*)(void *), void *, void *);
__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle;
static int count; static void end(void *p) { (void)p; count--; }
void run(void) { __cxa_atexit(end, 0, &__dso_handle); }`,
    flags: ['-nostartfiles'],
    kinds: ['unload.exit-handler'],
  },
  {
    name: 'signal handler',
    source: `#include <signal.h>
static volatile sig_atomic_t seen; static void note(int n) { seen = n; }
void run(void) { signal(SIGUSR1, note); }`,
    kinds: ['unload.signal-handler'],
  },
  {
    name: 'signal handler by sigaction',
    source: `#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <string.h>
static volatile sig_atomic_t seen; static void note(int n) { seen = n; }
__attribute__((constructor)) static void begin(void) { struct sigaction a; memset(&a, 0, sizeof a); a.sa_handler = note; sigaction(SIGUSR2, &a, 0); }
void run(void) {}`,
    kinds: ['unload.signal-handler'],
  },
  {
    name: 'two signal handlers, one put back',
    source: `#include <signal.h>
static volatile sig_atomic_t seen; static void note(int n) { seen = n; }
__attribute__((constructor)) static void begin(void) { signal(SIGUSR1, note); signal(SIGUSR2, note); }
__attribute__((destructor)) static void end(void) { signal(SIGUSR1, SIG_DFL); }
void run(void) {}`,
    kinds: ['unload.signal-handler'],
  },
  {
    name: 'signal handler put back by the function that has set it',
    clean: true,
    source: `#include <signal.h>
#include <string.h>
static volatile sig_atomic_t seen; static void note(int n) { seen = n; }
void run(void) {
  void (*before)(int) = signal(SIGUSR1, note);
  raise(SIGUSR1);
  signal(SIGUSR1, before);
  struct sigaction action, former;
  memset(&action, 0, sizeof action);
  action.sa_handler = note;
  sigaction(SIGUSR2, &action, &former);
  sigaction(SIGUSR2, &former, 0);
}`,
  },
  {
    name: 'signal ignored by a function that has another one called',
    clean: true,
    source: `#include <signal.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *a, const void *b) { return *(const char *)a - *(const char *)b; }
char run(void) {
  char text[] = "hgf";
  struct sigaction action;
  qsort(text, 3, 1, compare);
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, 0);
  return text[0];
}`,
  },
  {
    name: 'signal ignored',
    clean: true,
    source: `#include <signal.h>
void run(void) { signal(SIGPIPE, SIG_IGN); }`,
  },
  {
    name: 'signal handler put back',
    clean: true,
    source: `#include <signal.h>
static volatile sig_atomic_t seen; static void note(int n) { seen = n; }
static void (*before)(int);
__attribute__((constructor)) static void begin(void) { before = signal(SIGUSR1, note); }
__attribute__((destructor)) static void end(void) { signal(SIGUSR1, before); }
void run(void) {}`,
  },
  {
    name: 'callback registered with the host',
    source: `void host_register(void (*)(void));
static int count; static void note(void) { count++; }
void run(void) { host_register(note); }`,
    kinds: ['unload.callback'],
  },
  {
    name: 'callback taken back',
    clean: true,
    source: `void host_register(void (*)(void)); void host_unregister(void (*)(void));
static int count; static void note(void) { count++; }
__attribute__((constructor)) static void begin(void) { host_register(note); }
__attribute__((destructor)) static void end(void) { host_unregister(note); }
void run(void) {}`,
  },
  {
    name: 'callback that is called at once',
    clean: true,
    source: `void host_each(void (*)(void));
static int count; static void note(void) { count++; }
void run(void) { host_each(note); }`,
  },
  {
    name: 'descriptor opened at load',
    source: `#include <fcntl.h>
static int fd;
__attribute__((constructor)) static void begin(void) { fd = open("/dev/null", O_RDONLY); }
int run(void) { return fd; }`,
    kinds: ['unload.descriptor'],
  },
  {
    name: 'descriptor closed',
    clean: true,
    source: `#include <fcntl.h>
#include <unistd.h>
static int fd;
__attribute__((constructor)) static void begin(void) { fd = open("/dev/null", O_RDONLY); }
__attribute__((destructor)) static void end(void) { close(fd); }
int run(void) { return fd; }`,
  },
  {
    name: 'two descriptors, one closed',
    source: `#include <fcntl.h>
#include <unistd.h>
static int one, two;
__attribute__((constructor)) static void begin(void) { one = open("/dev/null", O_RDONLY); two = open("/dev/null", O_RDONLY); }
__attribute__((destructor)) static void end(void) { close(one); }
int run(void) { return two; }`,
    kinds: ['unload.descriptor'],
  },
  {
    name: 'pipe of which one end is closed',
    source: `#include <unistd.h>
static int ends[2];
__attribute__((constructor)) static void begin(void) { if (pipe(ends)) ends[0] = -1; }
__attribute__((destructor)) static void end(void) { close(ends[0]); }
int run(void) { return ends[1]; }`,
    kinds: ['unload.descriptor'],
  },
  {
    name: 'descriptor doubled by fcntl',
    source: `#include <fcntl.h>
static int fd;
__attribute__((constructor)) static void begin(void) { fd = fcntl(1, F_DUPFD_CLOEXEC, 100); }
int run(void) { return fd; }`,
    kinds: ['unload.descriptor'],
  },
  {
    name: 'descriptor kept in use, another one closed',
    source: `#include <fcntl.h>
#include <unistd.h>
static int fd = -1;
int run(void) { int once = open("/dev/null", O_RDONLY); close(once); if (fd < 0) fd = open("/dev/null", O_RDONLY); return fd; }`,
    kinds: ['unload.descriptor'],
  },
  {
    name: 'file closed by a pointer to the function',
    clean: true,
    language: 'c++',
    compilers: ['gcc'],
    source: `#include <cstdio>
#include <memory>
namespace { std::unique_ptr<FILE, int (*)(FILE *)> file(fopen("/dev/null", "w"), fclose); }
extern "C" void run() { fputc('x', file.get()); }`,
    flags: ['-fvisibility=hidden', '-fvisibility-inlines-hidden', '-fno-gnu-unique'],
  },
  {
    name: 'program opened',
    clean: true,
    source: `#include <dlfcn.h>
void *run(void) { void *program = dlopen(0, RTLD_NOW); return dlsym(program, "main"); }`,
  },
  {
    name: 'file read and closed',
    clean: true,
    source: `#include <stdio.h>
void run(void) { FILE *f = fopen("/dev/null", "r"); if (f) { getc(f); fclose(f); } }`,
  },
  {
    name: 'mapping',
    source: `#include <sys/mman.h>
#include <fcntl.h>
#include <unistd.h>
static void *block;
__attribute__((constructor)) static void begin(void) { int fd = open("/dev/zero", O_RDWR); block = mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0); close(fd); }
void *run(void) { return block; }`,
    kinds: ['unload.mapping'],
  },
  {
    name: 'library opened and not closed',
    source: `#include <dlfcn.h>
static void *other;
__attribute__((constructor)) static void begin(void) { other = dlopen("libz.so.1", RTLD_NOW); }
void *run(void) { return other; }`,
    kinds: ['unload.opened-library'],
  },
  {
    name: 'library opened and closed',
    clean: true,
    source: `#include <dlfcn.h>
static void *other;
__attribute__((constructor)) static void begin(void) { other = dlopen("libz.so.1", RTLD_NOW); }
__attribute__((destructor)) static void end(void) { if (other) dlclose(other); }
void *run(void) { return other; }`,
  },
  {
    name: 'memory of a constructor',
    clean: true,
    source: `#include <stdlib.h>
static void *block;
__attribute__((constructor)) static void begin(void) { block = malloc(100); }
void *run(void) { return block; }`,
    kinds: ['unload.memory', 'unload.constructor-only'],
  },
  {
    name: 'linked to stay',
    source: 'int run(void) { return 1; }',
    flags: ['-Wl,-z,nodelete'],
    kinds: ['unload.pinned-nodelete'],
  },
  {
    name: 'key in a library that was linked to stay',
    source: `#include <pthread.h>
static pthread_key_t key;
__attribute__((constructor)) static void begin(void) { pthread_key_create(&key, 0); }
void run(void) {}`,
    flags: ['-Wl,-z,nodelete'],
    kinds: ['unload.pinned-nodelete', 'unload.thread-key'],
  },
  {
    name: 'unique static member of a template',
    language: 'c++',
    compilers: ['gcc'],
    source: `template <class T> struct Counter { static int count; };
template <class T> int Counter<T>::count;
extern "C" void run() { Counter<int>::count++; }`,
    kinds: ['unload.pinned-unique'],
  },
  {
    name: 'unique local of an inline function',
    language: 'c++',
    compilers: ['gcc'],
    source: `inline int next() { static int count; return ++count; }
extern "C" int run() { return next(); }`,
    kinds: ['unload.pinned-unique'],
  },
  {
    name: 'static member of a template, not unique',
    language: 'c++',
    clean: true,
    source: `template <class T> struct Counter { static int count; };
template <class T> int Counter<T>::count;
extern "C" void run() { Counter<int>::count++; }`,
    flags: ['-fvisibility=hidden', '-fvisibility-inlines-hidden'],
  },
  {
    name: 'thread-local object with destructor, used',
    language: 'c++',
    source: `struct Log { int n = 1; ~Log() { n = 0; } };
static thread_local Log log_;
extern "C" int run() { return log_.n; }`,
    kinds: ['unload.pinned-thread-local'],
  },
  {
    name: 'thread-local object with destructor, made at load',
    language: 'c++',
    source: `struct Log { int n = 1; ~Log() { n = 0; } };
static thread_local Log log_;
__attribute__((constructor)) static void begin() { log_.n++; }
extern "C" int run() { return 0; }`,
    kinds: ['unload.pinned-thread-local'],
  },
  {
    name: 'thread-local number',
    language: 'c++',
    clean: true,
    source: 'static thread_local int count; extern "C" int run() { return ++count; }',
  },
  {
    name: 'initial-exec thread-local number',
    source: 'static __thread int count; int run(void) { return ++count; }',
    flags: ['-ftls-model=initial-exec'],
    kinds: ['unload.static-tls'],
  },
  {
    // The code for it comes from libgcc.a, and makes a key that it never deletes.
    name: 'emulated thread-local number',
    compilers: ['clang'],
    source: 'static __thread int count; int run(void) { return ++count; }',
    flags: ['-femulated-tls'],
    kinds: ['unload.emulated-tls', 'unload.thread-key'],
  },
  {
    name: 'libstdc++ linked in',
    language: 'c++',
    compilers: ['gcc'],
    source: `#include <string>
#include <stdexcept>
extern "C" int run() { try { throw std::runtime_error("x"); } catch (std::exception &e) { return std::string(e.what()).size(); } }`,
    flags: ['-static-libstdc++', '-static-libgcc'],
    kinds: ['unload.pinned-unique'],
  },
  {
    name: 'libstdc++ linked in and hidden',
    language: 'c++',
    compilers: ['gcc'],
    source: `#include <string>
#include <stdexcept>
extern "C" __attribute__((visibility("default"))) int run() { try { throw std::runtime_error("x"); } catch (std::exception &e) { return std::string(e.what()).size(); } }`,
    kinds: ['unload.memory'],
    flags: ['-static-libstdc++', '-static-libgcc', '-Wl,--exclude-libs,ALL', '-fvisibility=hidden'],
  },
  {
    name: 'libc++ linked in, exceptions and threads',
    language: 'c++',
    compilers: ['clang'],
    standardLibrary: 'libc++ static',
    source: `#include <thread>
#include <stdexcept>
extern "C" int run() { int n = 0; std::thread t([&] { try { if (n == 0) throw std::runtime_error("x"); } catch (std::exception &) { n++; } }); t.join(); return n; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'libc++ linked in, exceptions alone',
    language: 'c++',
    compilers: ['clang'],
    standardLibrary: 'libc++ static',
    source: `#include <stdexcept>
static int n;
extern "C" int run() { try { if (n == 0) throw std::runtime_error("x"); } catch (std::exception &) { n++; } return n; }`,
    kinds: ['unload.thread-key'],
  },
  {
    name: 'libc++ beside it, exceptions and threads',
    language: 'c++',
    clean: true,
    compilers: ['clang'],
    standardLibrary: 'libc++',
    source: `#include <thread>
#include <stdexcept>
extern "C" int run() { int n = 0; std::thread t([&] { try { if (n == 0) throw std::runtime_error("x"); } catch (std::exception &) { n++; } }); t.join(); return n; }`,
    kinds: ['unload.dependency-stays'],
  },
  {
    // A string that becomes too long throws, and the first exception makes a key: it may be lost, and is not here.
    name: 'libc++ linked in, exceptions on the way of errors alone',
    language: 'c++',
    compilers: ['clang'],
    standardLibrary: 'libc++ static',
    source: `#include <string>
extern "C" unsigned long run() { std::string s(100, 'x'); return s.size(); }`,
    flags: ['-Wl,--exclude-libs,ALL', '-fno-exceptions'],
  },
  {
    name: 'libc++ linked in, neither exceptions nor threads',
    language: 'c++',
    clean: true,
    compilers: ['clang'],
    standardLibrary: 'libc++ static',
    source: `#include <algorithm>
static int numbers[] = {3, 1, 2};
extern "C" int run() { std::sort(numbers, numbers + 3); return numbers[0]; }`,
    flags: ['-Wl,--exclude-libs,ALL', '-fno-exceptions'],
  },
  {
    name: 'libstdc++ uses a symbol of it',
    language: 'c++',
    compilers: ['gcc'],
    source: `#include <cstdlib>
#include <iostream>
#include <new>
void *operator new(std::size_t n) { return std::malloc(n); }
void operator delete(void *p) noexcept { std::free(p); }
void operator delete(void *p, std::size_t) noexcept { std::free(p); }
extern "C" void run() { std::cout.flush(); }`,
    kinds: ['unload.pinned-bound'],
  },
  {
    name: 'plain functions',
    clean: true,
    source: 'int run(void) { return 1; }',
  },
  {
    name: 'handler kept by the C++ library',
    language: 'c++',
    source: `#include <exception>
#include <cstdlib>
static void bye() { std::abort(); }
extern "C" void run() { std::set_terminate(bye); }`,
    kinds: ['unload.callback'],
  },
  {
    name: 'timer',
    source: `#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <string.h>
#include <time.h>
static timer_t timer;
__attribute__((constructor)) static void begin(void) { struct sigevent e; memset(&e, 0, sizeof e); e.sigev_notify = SIGEV_NONE; timer_create(CLOCK_MONOTONIC, &e, &timer); }
void run(void) {}`,
    kinds: ['unload.callback'],
  },
];
