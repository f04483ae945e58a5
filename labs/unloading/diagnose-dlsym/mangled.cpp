int plugin_start(int a) { return a; }
