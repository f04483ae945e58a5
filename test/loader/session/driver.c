// Runs a script of dlopen calls, one a line, words separated by tabs; writes what each did to standard error,
// between the lines of LD_DEBUG.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HANDLES 256

/* A copy of _r_debug in the program would not be as long as the loader's own. */
static struct r_debug_extended *debug_list(void) {
  for (const ElfW(Dyn) *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag == DT_DEBUG) return (void *)entry->d_un.d_ptr;
  return NULL;
}

static void *handles[HANDLES];
static char line[1 << 16];

static void say(const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (length > (int)sizeof line - 1) length = sizeof line - 1;
  if (write(2, line, length) < 0) _exit(9);
}

static int mode_of(const char *letters) {
  int mode = 0;
  for (; *letters; letters++) {
    switch (*letters) {
      case 'l': mode |= RTLD_LAZY; break;
      case 'n': mode |= RTLD_NOW; break;
      case 'g': mode |= RTLD_GLOBAL; break;
      case 'd': mode |= RTLD_DEEPBIND; break;
      case 'N': mode |= RTLD_NODELETE; break;
      case 'o': mode |= RTLD_NOLOAD; break;
    }
  }
  return mode;
}

static const char *or_nothing(const char *text) { return text ? text : "(nothing)"; }

static void say_opened(int handle, void *opened) {
  handles[handle] = opened;
  const char *error = opened ? NULL : dlerror();
  if (opened) say("##result opened %s\n", ((struct link_map *)opened)->l_name);
  else if (error) say("##result refused %s\n", error);
  else say("##result not-loaded\n");
}

static void *handle_of(const char *word) {
  if (!strcmp(word, "default")) return RTLD_DEFAULT;
  if (!strcmp(word, "next")) return RTLD_NEXT;
  return handles[atoi(word)];
}

static void say_symbol(void *address, const char *error) {
  Dl_info info;
  if (error) say("##result refused %s\n", error);
  else if (!address) say("##result null\n");
  else if (dladdr(address, &info)) say("##result found %s\n", info.dli_fname);
  else say("##result found elsewhere\n");
}

/* The address of a function of one object, without asking the loader. */
static void *function_of(const char *path, const char *name) {
  for (struct r_debug_extended *debug = debug_list(); debug; debug = debug->r_next) {
    for (struct link_map *map = debug->base.r_map; map; map = map->l_next) {
      if (strcmp(map->l_name, path)) continue;
      const ElfW(Sym) *symbols = NULL;
      const char *strings = NULL;
      const unsigned *hash = NULL;
      for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_SYMTAB) symbols = (const void *)entry->d_un.d_ptr;
        if (entry->d_tag == DT_STRTAB) strings = (const void *)entry->d_un.d_ptr;
        if (entry->d_tag == DT_HASH) hash = (const void *)entry->d_un.d_ptr;
      }
      for (unsigned at = 1; hash && at < hash[1]; at++)
        if (symbols[at].st_shndx && !strcmp(strings + symbols[at].st_name, name))
          return (void *)(map->l_addr + symbols[at].st_value);
    }
  }
  return NULL;
}

static void say_maps(void) {
  int id = 0;
  for (struct r_debug_extended *debug = debug_list(); debug; debug = debug->r_next, id++)
    for (struct link_map *map = debug->base.r_map; map; map = map->l_next)
      say("##map %d %s\n", id, map->l_name);
}

int main(int argc, char **argv) {
  static char text[4096];
  FILE *script = fopen(argv[1], "r");
  if (argc < 2 || !script) return 9;
  say_maps();
  for (int step = 0; fgets(text, sizeof text, script); step++) {
    char *words[6] = {"", "", "", "", "", ""};
    text[strcspn(text, "\n")] = 0;
    char *rest = text;
    for (int count = 0; count < 6 && rest; count++) words[count] = strsep(&rest, "\t");
    dlerror();
    say("##step %d\n", step);
    if (!strcmp(words[0], "dlopen")) {
      const char *file = strcmp(words[3], "-") ? words[3] : NULL;
      say_opened(atoi(words[1]), dlopen(file, mode_of(words[2])));
    } else if (!strcmp(words[0], "dlmopen")) {
      Lmid_t id = LM_ID_NEWLM;
      if (strcmp(words[4], "new")) dlinfo(handles[atoi(words[4])], RTLD_DI_LMID, &id);
      const char *file = strcmp(words[3], "-") ? words[3] : NULL;
      say_opened(atoi(words[1]), dlmopen(id, file, mode_of(words[2])));
    } else if (!strcmp(words[0], "dlsym")) {
      void *address = dlsym(handle_of(words[1]), words[2]);
      say_symbol(address, dlerror());
    } else if (!strcmp(words[0], "dlvsym")) {
      void *address = dlvsym(handle_of(words[1]), words[2], words[3]);
      say_symbol(address, dlerror());
    } else if (!strcmp(words[0], "dlclose")) {
      int failed = dlclose(handles[atoi(words[1])]);
      if (failed) say("##result refused %s\n", or_nothing(dlerror()));
      else say("##result closed\n");
    } else if (!strcmp(words[0], "use")) {
      void (*function)(void) = (void (*)(void))function_of(words[1], words[2]);
      if (!function) {
        say("##result no function\n");
      } else {
        function();
        say("##result used\n");
      }
    }
    say_maps();
  }
  fclose(script);
  say("##exit\n");
  return 0;
}
