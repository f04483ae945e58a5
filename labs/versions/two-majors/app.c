#include "bank.h"
#include "shop.h"

int main(void) {
  shop_print();
  bank_print();
}
