#include "reader.h"
#include "writer.h"

#include <cstdio>

int main() {
  std::puts(reader_pool() == writer_pool() ? "one pool" : "two pools");
  std::fflush(stdout);
}
