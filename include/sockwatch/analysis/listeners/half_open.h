/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Half-open connections (SYN-RECEIVED) of a listener or of a port, as both the listeners' table and
 * doctor's rules about queues count them.
 */
#ifndef SOCKWATCH_ANALYSIS_LISTENERS_HALF_OPEN_H
#define SOCKWATCH_ANALYSIS_LISTENERS_HALF_OPEN_H

#include <stdint.h>

#include <sockwatch/base/keyed.h>
#include <sockwatch/model/socket.h>

struct half_open {
	uint32_t count;
	uint32_t repeated; /* those whose SYN ACK was sent again (idiag_retrans) */
	uint32_t sources;  /* distinct remote addresses, as far as there was room for them */
};

/*
 * Counts a row in SYN-RECEIVED. source: a key of `sources` that has its remote address and what it
 * belongs to; what has no room there is counted there.
 */
void half_open_see(struct half_open *half_open, struct keyed *sources, const void *source,
	const struct socket_row *row);

#endif
