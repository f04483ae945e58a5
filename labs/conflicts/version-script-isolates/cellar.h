void cellar_set(int degrees);
void cellar_show();
