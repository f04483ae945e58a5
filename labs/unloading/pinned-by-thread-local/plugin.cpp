#include <cstdio>

namespace {

/** Has a destructor, which has to run when its thread ends. */
struct Log {
  int lines = 0;
  ~Log() { std::puts("the thread's log is closed"); }
};

thread_local Log log;

} // namespace

extern "C" void plugin_use() { std::printf("line %d\n", ++log.lines); }

#ifdef AT_START
__attribute__((constructor)) static void begin() { log.lines = 10; }
#endif
