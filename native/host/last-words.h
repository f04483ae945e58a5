/* What the host still says when foreign code ends its process. */
#ifndef SOLDER_LAST_WORDS_H
#define SOLDER_LAST_WORDS_H

#include <stdbool.h>

/* From now on fatal signals and exit(3) of this process are told on `fd`. */
bool prepare_last_words(int fd);

/* Whether the host waits for a request: what happens then nobody has asked for. */
void set_waiting(bool waits);

/* Whether this is the process that the host began as, and not one that foreign code forked. */
bool is_original_process(void);

#endif
