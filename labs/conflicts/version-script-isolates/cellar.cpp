#include "cellar.h"

#include "sensor.h"

int limit = 12;

Sensor Sensor::shared("cellar");

void cellar_set(int degrees) { limit = degrees; }

void cellar_show() { std::printf("cellar: %d\n", limit); }
