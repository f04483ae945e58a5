#pragma GCC visibility push(default)
const void *reader_pool();
#pragma GCC visibility pop
