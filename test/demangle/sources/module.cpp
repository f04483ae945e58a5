// compile: g++ -std=c++20 -fmodules-ts -x c++ -c
// Entities that are attached to a named module, and the module's initializer.
export module shapes.round;
export struct Circle { int radius; int area() const; };
int Circle::area() const { return radius; }
export template <typename T> T scale(T value, Circle) { return value; }
export int compute(Circle *circle) { return scale(circle->radius, *circle) + scale('c', *circle); }
int hidden(Circle, Circle &&) { return 1; }
int initialized = hidden({}, {});
