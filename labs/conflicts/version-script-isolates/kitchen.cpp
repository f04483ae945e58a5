#include "kitchen.h"

#include "sensor.h"

int limit = 21;

Sensor Sensor::shared("kitchen");

void kitchen_set(int degrees) { limit = degrees; }

void kitchen_show() { std::printf("kitchen: %d\n", limit); }
