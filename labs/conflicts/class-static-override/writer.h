#pragma GCC visibility push(default)
const void *writer_pool();
#pragma GCC visibility pop
