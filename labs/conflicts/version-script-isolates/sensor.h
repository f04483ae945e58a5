#include <cstdio>

/* Both libraries have a copy of this header, and each defines the static member for itself. */
class Sensor {
public:
  explicit Sensor(const char *place) : place_(place) {}
  ~Sensor() { std::printf("%s: sensor off\n", place_); }

  static Sensor shared;

private:
  const char *place_;
};
