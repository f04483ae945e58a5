#include "writer.h"

#include "pool.h"

Pool Pool::shared("writer");

const void *writer_pool() { return &Pool::shared; }
