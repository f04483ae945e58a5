#include "cooler.h"
#include "heater.h"

static void show(void) {
  heater_show();
  cooler_show();
}

int main(void) {
  show();
  heater_set(90);
  show();
  cooler_set(4);
  show();
}
