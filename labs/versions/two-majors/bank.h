void bank_print(void);
