// cc -O1 -rdynamic -o counter counter.c -ldl -lpthread
// Usage: counter LIBRARY ROUNDS: opens and closes a library so often, and prints in the middle and at the end
// what the process holds, counted by reading directories, by trying, and by standing in for malloc: keys threads descriptors objects blocks.
#include <dirent.h>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static _Atomic(long) blocks;

static void *counted(void *block) {
  blocks += block != NULL;
  return block;
}

void *malloc(size_t size) { return counted(__libc_malloc(size)); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size)); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size)); }
int posix_memalign(void **block, size_t alignment, size_t size) {
  return (*block = counted(__libc_memalign(alignment, size))) == NULL ? 12 : 0;
}
void free(void *block) {
  blocks -= block != NULL;
  __libc_free(block);
}
void *realloc(void *block, size_t size) {
  void *moved = __libc_realloc(block, size);
  blocks += (moved != NULL) - (block != NULL && (moved != NULL || size == 0));
  return moved;
}

static int entries(const char *path) {
  int count = 0;
  DIR *directory = opendir(path);
  while (readdir(directory) != NULL) count++;
  closedir(directory);
  return count;
}

static int free_keys(void) {
  static pthread_key_t keys[2000];
  int count = 0;
  while (count < 2000 && pthread_key_create(&keys[count], NULL) == 0) count++;
  for (int at = 0; at < count; at++) pthread_key_delete(keys[at]);
  return count;
}

static int see(struct dl_phdr_info *info, size_t size, void *data) {
  (void)info, (void)size;
  ++*(int *)data;
  return 0;
}

static void tell(void) {
  int objects = 0;
  dl_iterate_phdr(see, &objects);
  printf("%d %d %d %d %ld\n", -free_keys(), entries("/proc/self/task"), entries("/proc/self/fd"), objects, (long)blocks);
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  static char output[1 << 16];
  setvbuf(stdout, output, _IOFBF, sizeof output);
  int rounds = atoi(argv[2]);
  for (int round = 1; round <= rounds; round++) {
    void *library = dlopen(argv[1], RTLD_NOW);
    if (library == NULL) _exit(3);
    dlclose(library);
    if (round == rounds / 2 || round == rounds) tell();
  }
  fflush(stdout);
  _exit(0);
}
