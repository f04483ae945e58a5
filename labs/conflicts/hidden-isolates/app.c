#include "left.h"
#include "right.h"

int main(void) {
  left_turn();
  right_turn();
}
