#include "clock.h"
#include "watch.h"

int main(void) {
  clock_run();
  watch_run();
}
