import type { ResourceName } from '../../../src/analyses/soak/index.ts';

/** A plugin that is built and run; its entry is `int run_plugin(int threads)`. */
export interface SoakPlugin {
  readonly name: string;
  readonly source: string;
  readonly language?: 'c++';
  readonly compiler?: 'clang';
  readonly flags?: readonly string[];
}

/** One that loses one thing in one way. */
export interface LeakingPlugin extends SoakPlugin {
  readonly loses: ResourceName;
  /** So many a round; where it cannot be said exactly, none. */
  readonly perRound?: number;
  /** The function that makes it, as the symbol table spells it; undefined: nobody records that. */
  readonly maker?: string;
  /** What is lost with it and stands for itself: the memory of a key's value. */
  readonly losesToo?: readonly ResourceName[];
  /** 60 unless said otherwise. */
  readonly rounds?: number;
}

/** The function that loses something must not be inlined: the tests ask for it by name. */
const lose = (includes: string, body: string, before = ''): string =>
  `${includes
    .split(' ')
    .map((name) => `#include <${name}.h>\n`)
    .join('')}
#ifdef __cplusplus
#define ENTRY extern "C"
#else
#define ENTRY
#endif
${before}
static __attribute__((noinline)) void lose(int threads) { (void)threads; ${body} __asm__ volatile(""); }
ENTRY int run_plugin(int threads) { lose(threads); return 0; }`;

const atLoad = (source: string): string =>
  source
    .replace(
      'static __attribute__((noinline)) void lose(int threads) { (void)threads;',
      '__attribute__((constructor)) static void lose(void) {',
    )
    .replace('lose(threads); ', '(void)threads; ');

const IN_CXX = { language: 'c++', maker: '_ZL4losei' } as const;

export const LEAKING: readonly LeakingPlugin[] = [
  {
    name: 'key',
    source: lose('pthread', 'pthread_key_create(&key, 0);', 'static pthread_key_t key;'),
    ...{ loses: 'keys', perRound: 1, maker: 'lose' },
  },
  {
    name: 'key in a constructor',
    source: atLoad(lose('pthread', 'pthread_key_create(&key, 0);', 'static pthread_key_t key;')),
    ...{ loses: 'keys', perRound: 1, maker: 'lose' },
  },
  {
    name: 'key of C11',
    source: lose('threads', 'tss_create(&key, 0);', 'static tss_t key;'),
    ...{ loses: 'keys', perRound: 1, maker: 'lose' },
  },
  {
    name: 'three keys, one deleted',
    source: lose(
      'pthread',
      'pthread_key_t k[3]; for (int i = 0; i < 3; i++) pthread_key_create(&k[i], 0); pthread_key_delete(k[1]);',
    ),
    ...{ loses: 'keys', perRound: 2, maker: 'lose' },
  },
  {
    name: 'emulated thread-local storage',
    source: '__thread int value; int run_plugin(int threads) { value = threads; return 0; }',
    compiler: 'clang',
    flags: ['-femulated-tls', '-static-libgcc'],
    ...{ loses: 'keys', perRound: 1, maker: 'emutls_init', losesToo: ['heap'] },
  },
  {
    name: 'detached thread that never ends',
    source: lose(
      'pthread unistd',
      'pthread_t t; pthread_create(&t, 0, (void *(*)(void *))(void (*)(void))pause, 0); pthread_detach(t);',
    ),
    ...{ loses: 'threads', perRound: 1, maker: 'lose' },
  },
  {
    name: 'thread that nobody waits for',
    source: lose(
      'pthread unistd',
      'pthread_t t; pthread_create(&t, 0, (void *(*)(void *))(void (*)(void))pause, 0);',
    ),
    ...{ loses: 'threads', perRound: 1, maker: 'lose' },
  },
  {
    name: 'two threads of C11',
    source: lose(
      'threads unistd',
      'thrd_t t; for (int i = 0; i < 2; i++) thrd_create(&t, (int (*)(void *))(void (*)(void))pause, 0);',
    ),
    ...{ loses: 'threads', perRound: 2, maker: 'lose' },
  },
  {
    name: 'ended threads that are not joined',
    source: lose(
      'pthread malloc',
      'pthread_t t; pthread_create(&t, 0, (void *(*)(void *))(void (*)(void))malloc_trim, 0);',
    ),
    ...{ loses: 'mappings', maker: 'lose' },
  },
  {
    name: 'open',
    source: lose('fcntl', 'open("/dev/null", O_RDONLY);'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'open in a constructor',
    source: atLoad(lose('fcntl', 'openat(AT_FDCWD, "/dev/null", O_WRONLY);')),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'pipe',
    source: lose('unistd', 'int ends[2]; if (pipe(ends)) return;'),
    ...{ loses: 'fds', perRound: 2, maker: 'lose' },
  },
  {
    name: 'one end of a pipe',
    source: lose('unistd', 'int ends[2]; if (pipe(ends)) return; close(ends[0]);'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'socket',
    source: lose('sys/socket', 'socket(AF_UNIX, SOCK_STREAM, 0);'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'epoll',
    source: lose('sys/epoll', 'epoll_create1(0);'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'eventfd and a duplicate',
    source: lose('sys/eventfd unistd', 'dup(eventfd(0, 0));'),
    ...{ loses: 'fds', perRound: 2, maker: 'lose' },
  },
  {
    name: 'fopen',
    source: lose('stdio', 'fopen("/dev/null", "r");'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'opendir',
    source: lose('dirent', 'opendir("/");'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'mkostemp',
    source: lose(
      'stdlib fcntl unistd',
      'char name[] = "/tmp/solder-soak-XXXXXX"; mkostemp(name, O_CLOEXEC); unlink(name);',
    ),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'freopen',
    source: lose('stdio', 'freopen("/dev/zero", "r", fopen("/dev/null", "r"));'),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'shm_open',
    source: lose(
      'sys/mman fcntl stdio unistd',
      'char name[32]; sprintf(name, "/solder-soak-%d", getpid()); shm_open(name, O_RDWR | O_CREAT, 0600); shm_unlink(name);',
    ),
    ...{ loses: 'fds', perRound: 1, maker: 'lose' },
  },
  {
    name: 'mapping that is enlarged',
    source: lose(
      'sys/mman',
      'mremap(mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 4096, 1 << 16, MREMAP_MAYMOVE);',
    ),
    ...{ loses: 'mappings', perRound: 1 << 16, maker: 'lose' },
  },
  {
    name: 'mapping that is cut to a boundary',
    source: lose(
      'sys/mman',
      'char *p = mmap(0, 1 << 16, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); munmap(p, 4096); munmap(p + 61440, 4096);',
    ),
    ...{ loses: 'mappings', maker: 'lose' },
  },
  {
    name: 'valloc',
    source: lose('stdlib malloc', 'char *p = valloc(3000); *(volatile char *)p = 1;'),
    ...{ loses: 'heap', maker: 'lose' },
  },
  {
    name: 'mmap of a page',
    source: lose('sys/mman', 'mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);'),
    ...{ loses: 'mappings', perRound: 4096, maker: 'lose' },
  },
  {
    name: 'mmap of a file',
    source: lose(
      'sys/mman fcntl unistd',
      'int fd = open("/proc/self/exe", O_RDONLY); mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0); close(fd);',
    ),
    ...{ loses: 'mappings', maker: 'lose' },
  },
  {
    name: 'malloc',
    source: lose('stdlib', 'char *p = malloc(1000); *(volatile char *)p = 1;'),
    ...{ loses: 'heap', perRound: 1008, maker: 'lose' },
  },
  {
    name: 'calloc in a constructor',
    source: atLoad(lose('stdlib', 'char *p = calloc(3, 100); *(volatile char *)p = 1;')),
    ...{ loses: 'heap', maker: 'lose' },
  },
  {
    name: 'strdup',
    source: lose('string stdlib', 'char *p = strdup(getenv("PATH")); *(volatile char *)p = 1;'),
    ...{ loses: 'heap', maker: 'lose' },
  },
  {
    name: 'large blocks',
    source: lose('stdlib', 'char *p = malloc(1 << 20); *(volatile char *)p = 1;'),
    ...{ loses: 'heap', maker: 'lose' },
  },
  {
    name: 'new',
    source: lose('stdlib', 'auto *p = new int[500]; *(volatile int *)p = 1;'),
    loses: 'heap',
    ...IN_CXX,
  },
  {
    name: 'strings with a static runtime',
    source: `#include <string>
static __attribute__((noinline)) void lose(int n) { new std::string((size_t)n * 100, 'x'); }
extern "C" int run_plugin(int threads) { lose(threads); return 0; }`,
    flags: ['-static-libstdc++', '-static-libgcc'],
    loses: 'heap',
    ...IN_CXX,
  },
  {
    name: 'stream with a static runtime',
    source: `#include <fstream>
static __attribute__((noinline)) void lose(int) { *new std::ofstream("/dev/null") << 1; }
extern "C" int run_plugin(int threads) { lose(threads); return 0; }`,
    flags: ['-static-libstdc++', '-static-libgcc'],
    loses: 'fds',
    ...IN_CXX,
  },
  {
    name: 'lambda in a function object',
    source: `#include <functional>
static __attribute__((noinline)) void call(const std::function<void(int)> &lose) { lose(3); }
extern "C" int run_plugin(int) { call([](int n) { *(volatile char *)new char[1000 * n] = 1; }); return 0; }`,
    language: 'c++',
    maker: '_ZNSt17_Function_handlerIFviEZ10run_pluginEUliE_E9_M_invokeERKSt9_Any_dataOi',
    loses: 'heap',
  },
  {
    name: 'threads of C++ that are detached',
    source: `#include <thread>\n#include <unistd.h>
static __attribute__((noinline)) void lose(int) { std::thread(pause).detach(); usleep(3000); }
extern "C" int run_plugin(int threads) { lose(threads); return 0; }`,
    // Whether a thread has got as far as into the C library when the plugin is unloaded is not certain.
    flags: ['-Wl,-z,nodelete'],
    ...{ loses: 'threads', perRound: 1 },
    ...IN_CXX,
  },
  {
    name: 'copies of a library',
    source: lose(
      'dlfcn fcntl stdio unistd sys/sendfile sys/stat stdlib string',
      `char name[] = "/tmp/solder-soak-XXXXXX"; int to = mkstemp(name);
       Dl_info info; dladdr((void *)(long)&run_plugin, &info); int from = open(info.dli_fname, O_RDONLY);
       struct stat s; fstat(from, &s); sendfile(to, from, 0, (size_t)s.st_size); close(to); close(from);
       dlopen(name, RTLD_NOW); unlink(name);`,
      'int run_plugin(int);',
    ),
    ...{ loses: 'linkmaps', perRound: 1 },
  },
  {
    name: 'signal handler',
    source: lose(
      'signal',
      'struct sigaction a = {0}; a.sa_handler = handle; sigaction(SIGUSR1, &a, 0);',
      'static void handle(int number) { (void)number; }',
    ),
    ...{ loses: 'signals', maker: 'lose' },
  },
  {
    name: 'signal handler of a real-time signal, at load',
    source: atLoad(
      lose('signal', 'signal(SIGRTMIN + 5, handle);', 'static void handle(int number) { (void)number; }'),
    ),
    ...{ loses: 'signals', maker: 'lose' },
  },
  {
    name: 'a descriptor in about every third round',
    source: lose('stdlib fcntl', 'if (rand() % 3 == 0) open("/dev/null", O_RDONLY);'),
    ...{ loses: 'fds', maker: 'lose', rounds: 300 },
  },
];

/** A variable `round` that outlives the library: it counts from 1. */
const ROUND = `static char digits[] = "ROUNDS";
static int next_round(void) {
  if (getenv(digits) == 0) setenv(digits, "00000", 1);
  char *text = getenv(digits); int round = atoi(text) + 1;
  for (int at = 4, rest = round; at >= 0; at--, rest /= 10) text[at] = (char)('0' + rest % 10);
  return round;
}`;

/** Loses when it is so far. */
export const inRounds = (name: string, condition: string, includes: string, body: string): SoakPlugin => ({
  name,
  source: lose(`stdlib ${includes}`.trim(), `int round = next_round(); if (${condition}) { ${body} }`, ROUND),
});

const clean = (includes: string, body: string, before = ''): string => lose(includes, body, before);

export const CLEAN: readonly SoakPlugin[] = [
  { name: 'nothing', source: 'int run_plugin(int threads) { return threads; }' },
  {
    name: 'joined threads',
    source: clean(
      'pthread stdlib string',
      `pthread_t t[64]; for (int i = 0; i < threads; i++) pthread_create(&t[i], 0, work, 0);
       for (int i = 0; i < threads; i++) pthread_join(t[i], 0);`,
      'static void *work(void *p) { char *m = malloc(1000); memset(m, 1, 1000); free(m); return p; }',
    ),
  },
  {
    name: 'detached threads that end',
    source: clean(
      'pthread unistd semaphore',
      `pthread_t t; for (int i = 0; i < threads; i++) { pthread_create(&t, 0, work, 0); pthread_detach(t); }
       for (int i = 0; i < threads; i++) sem_wait(&done); usleep(500);`,
      'static sem_t done; static void *work(void *p) { sem_post(&done); return p; }',
    ),
  },
  {
    name: 'a key that is deleted',
    source: clean(
      'pthread',
      'pthread_key_create(&key, 0); pthread_key_delete(key);',
      'static pthread_key_t key;',
    ),
  },
  {
    name: 'a key that a destructor deletes',
    source: `#include <pthread.h>
static pthread_key_t key;
__attribute__((destructor)) static void end(void) { pthread_key_delete(key); }
int run_plugin(int threads) { pthread_key_create(&key, 0); return threads; }`,
  },
  { name: 'a file that is closed', source: clean('fcntl unistd', 'close(open("/dev/null", O_RDONLY));') },
  {
    name: 'files of stdio',
    source: clean(
      'stdio',
      'FILE *f = fopen("/proc/self/stat", "r"); char line[999]; fgets(line, 999, f); fclose(f);',
    ),
  },
  {
    name: 'a mapping that is taken down',
    source: clean(
      'sys/mman',
      'void *p = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); *(char *)p = 1; munmap(p, 1 << 20);',
    ),
  },
  {
    name: 'blocks of many sizes',
    source: clean(
      'stdlib string',
      `void *p[200]; for (int i = 0; i < 200; i++) { size_t n = 16 + (size_t)rand() % 5000; p[i] = malloc(n); memset(p[i], 1, n); }
       for (int i = 0; i < 200; i++) free(p[i]);`,
    ),
  },
  {
    name: 'blocks that other threads free',
    source: clean(
      'pthread stdlib',
      `pthread_t t[64]; for (int i = 0; i < threads; i++) pthread_create(&t[i], 0, work, malloc(5000));
       for (int i = 0; i < threads; i++) { void *r; pthread_join(t[i], &r); free(r); }`,
      'static void *work(void *p) { void *q = malloc(3000); free(p); return q; }',
    ),
  },
  {
    name: 'a large block',
    source: clean('stdlib', 'char *p = calloc(1, 10 << 20); p[5 << 20] = 1; free(p);'),
  },
  {
    name: 'a library that is closed again',
    source: clean('dlfcn', 'void *h = dlopen("libm.so.6", RTLD_NOW); dlsym(h, "cos"); dlclose(h);'),
  },
  {
    name: 'a signal handler that is restored',
    source: clean(
      'signal',
      'struct sigaction a = {0}, old; a.sa_handler = handle; sigaction(SIGUSR1, &a, &old); sigaction(SIGUSR1, &old, 0);',
      'static void handle(int number) { (void)number; }',
    ),
  },
  { name: 'an exit handler', source: clean('stdlib', 'atexit(end);', 'static void end(void) {}') },
  {
    name: 'caches of the C library',
    source: clean(
      'time locale stdio stdlib',
      'time_t t = time(0); localtime(&t); setlocale(LC_ALL, "C"); char b[99]; snprintf(b, 99, "%f", 1.5 * rand());',
    ),
  },
  {
    name: 'a child process',
    source: clean('unistd sys/wait', 'pid_t p = fork(); if (p == 0) _exit(0); waitpid(p, 0, 0);'),
  },
  {
    name: 'thread-local storage',
    source: '__thread int value[100]; int run_plugin(int threads) { value[threads] = 1; return 0; }',
  },
  {
    name: 'exceptions in threads',
    language: 'c++',
    source: `#include <thread>\n#include <vector>\n#include <stdexcept>\n#include <string>
extern "C" int run_plugin(int threads) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; i++) all.emplace_back([] { try { throw std::runtime_error(std::string(100, 'x')); } catch (std::exception &) {} });
  for (auto &t : all) t.join();
  return 0;
}`,
  },
  {
    name: 'streams',
    language: 'c++',
    source: `#include <sstream>\n#include <iostream>
extern "C" int run_plugin(int threads) { std::ostringstream s; s << threads << 1.5; return (int)s.str().size() - 4; }`,
  },
  {
    name: 'a memory that keeps a bounded number of blocks',
    source: `#include <stdlib.h>
static void *kept[16];
__attribute__((destructor)) static void end(void) { for (int i = 0; i < 16; i++) free(kept[i]); }
int run_plugin(int threads) { for (int i = 0; i < 99; i++) { int at = rand() % 16; free(kept[at]); kept[at] = malloc((size_t)rand() % 9000); } return threads; }`,
  },
];
