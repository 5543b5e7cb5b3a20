/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How long a socket has lived: one figure for columns, pages and reports. Pure. */
#ifndef SOCKWATCH_ANALYSIS_SOCKET_AGE_H
#define SOCKWATCH_ANALYSIS_SOCKET_AGE_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

struct socket_age {
	uint64_t ns;
	uint64_t born_ns; /* on the model's clock */
	bool at_least;    /* it was there before: ns is a lower bound, born_ns an upper one */
};

/*
 * Until now, or until its end. The SYN and the segment that ended it count where they were seen;
 * otherwise the table's times, and how long the socket has been idle: it is no younger.
 * conversation: of the row, or NULL.
 */
void socket_age(const struct model *model, const struct socket_row *row,
	const struct conversation *conversation, struct socket_age *age);
/*
 * Milliseconds since data last went in either direction; false: not known. A connection that has
 * not sent or received counts from its establishment.
 */
bool socket_idle_ms(const struct model *model, const struct socket_row *row, uint64_t *idle_ms);

#endif
