void shop_print(void);
