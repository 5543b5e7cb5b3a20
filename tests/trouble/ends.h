/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of the ends of connections, and what is done with all of a list. All are non-blocking. */
#ifndef SOCKWATCH_TESTS_TROUBLE_ENDS_H
#define SOCKWATCH_TESTS_TROUBLE_ENDS_H

#include <stddef.h>
#include <stdint.h>

#include "lab.h"

/* Zeroed it is empty. An end has the time of when it was added. */
struct ends {
	struct end {
		int fd;
		uint64_t since_ns;
	} * items;
	unsigned count, capacity;
};

void ends_add(struct ends *ends, int fd);
/* Accepts all that wait. */
void ends_accept(struct ends *ends, int listener);
/* How many are in this state of TCP. */
unsigned ends_in_state(const struct ends *ends, int state);
/* Closes and forgets all. */
void ends_close(struct ends *ends);
/* Those that were added longer ago; reset: by RST. */
void ends_close_older(struct ends *ends, uint64_t age_ns, bool reset);
/* Those whose other end has closed or reset. */
void ends_close_ended(struct ends *ends);
/* Reads all there is; what is over is left. */
void ends_read(const struct ends *ends);
/* Writes so many bytes to each, or as many as it takes. */
void ends_write(const struct ends *ends, size_t bytes);
/* Writes to each until it takes no more. */
void ends_fill(const struct ends *ends);
/* Reads all, and writes back as much. */
void ends_echo(const struct ends *ends);

#endif
