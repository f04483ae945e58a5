void kitchen_set(int degrees);
void kitchen_show();
