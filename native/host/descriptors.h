/* File descriptors of the host itself: out of the way of foreign code that closes the low ones. */
#ifndef SOLDER_DESCRIPTORS_H
#define SOLDER_DESCRIPTORS_H

/* The number from which on the host keeps its descriptors. */
int lowest_descriptor(void);

/* Moves a descriptor to the first free number from `lowest` on, closed on exec; the new number, or -1. */
int raise_descriptor(int fd, int lowest);

#endif
