/* Whose code calls. */
#ifndef SOLDER_RECORDER_CALLER_H
#define SOLDER_RECORDER_CALLER_H

#include "table.h"

/* The call that returns to `address`, made by the function whose frame lies above `frame`. When it is made by a
   run-time library for somebody, the innermost other caller, read off the stack. */
site site_of(uintptr_t address, uintptr_t frame);

/* The same, but a run time that is linked into the plugin counts as the plugin: its thread keys are its own. */
site direct_site_of(uintptr_t address, uintptr_t frame);

/* A library has gone: other code may come to its addresses. */
void forget_objects(void);

/* Records only while the table is there; the site is not worked out otherwise. */
#define CALLER site_of((uintptr_t)__builtin_return_address(0), (uintptr_t)__builtin_frame_address(0))
#define DIRECT_CALLER \
  direct_site_of((uintptr_t)__builtin_return_address(0), (uintptr_t)__builtin_frame_address(0))

#endif
