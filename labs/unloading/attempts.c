#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Not exported, unless the program is linked with -rdynamic. */
void app_service(void) { puts("served"); }

static void tell(const char *call, const void *result) {
  const char *error = dlerror();
  printf("%s: %s\n", call, error != NULL ? error : result != NULL ? "found" : "NULL");
}

/* Each word is a call: FILE or mode=FILE opens, NAME=SYMBOL and NAME=SYMBOL@VERSION look up in the last library
 * that was opened, default=SYMBOL and next=SYMBOL in the program's place. */
int main(int count, char **words) {
  void *library = NULL;
  for (int at = 1; at < count; at++) {
    char *what = strchr(words[at], '=');
    if (what == NULL) {
      void *opened = dlopen(words[at], RTLD_NOW);
      if (opened != NULL) library = opened;
      tell("dlopen", opened);
      continue;
    }
    *what++ = 0;
    char *version = strchr(what, '@');
    if (version != NULL) *version++ = 0;
    if (strcmp(words[at], "mode") == 0) tell("dlopen", dlopen(what, 0));
    else if (strcmp(words[at], "default") == 0) tell("dlsym", dlsym(RTLD_DEFAULT, what));
    else if (strcmp(words[at], "next") == 0) tell("dlsym", dlsym(RTLD_NEXT, what));
    else if (version != NULL) tell("dlvsym", dlvsym(library, what, version));
    else tell("dlsym", dlsym(library, what));
  }
}
