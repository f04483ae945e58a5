#include "cellar.h"
#include "kitchen.h"

int main() {
  kitchen_set(25);
  kitchen_show();
  cellar_show();
}
