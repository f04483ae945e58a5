// c++ -O1 -fPIC -shared: keys that are made by the destructors of C++, the last code of the library to run.
#include <pthread.h>

namespace {

struct Late {
  pthread_key_t key;
  ~Late() { pthread_key_create(&key, nullptr); }
};

Late late;

}  // namespace

__attribute__((destructor(102))) static void nearly_last() {
  static pthread_key_t key;
  pthread_key_create(&key, nullptr);
}

extern "C" int run() { return late.key == 0; }
