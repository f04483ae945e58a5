#include <cstdio>

/* Both libraries have a copy of this header, and each defines the static member for itself. */
class Pool {
public:
  explicit Pool(const char *owner) : owner_(owner), slots_(new int[16]()) { say("builds"); }

  ~Pool() {
    say("destroys");
#ifdef OWNING
    delete[] slots_;
#endif
  }

  static Pool shared;

private:
  void say(const char *what) const {
    std::printf("%s %s a pool\n", owner_, what);
    std::fflush(stdout);
  }

  const char *owner_;
  int *slots_;
};
