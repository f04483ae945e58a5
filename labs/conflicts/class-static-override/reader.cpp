#include "reader.h"

#include "pool.h"

Pool Pool::shared("reader");

const void *reader_pool() { return &Pool::shared; }
