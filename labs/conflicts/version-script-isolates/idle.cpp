/* Needs both libraries, calls neither. */
int main() {}
