#include "left.h"
#include "right.h"

int main(void) {
  left_set(3);
  left_show();
  right_show();
}
