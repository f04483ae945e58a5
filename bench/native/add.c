// cc -O2 -shared -fPIC -o libadd.so add.c
long add(long a, long b) { return a + b; }
