/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this room share: the local ports of a namespace. */
#ifndef SOCKWATCH_ANALYSIS_PORTS_PORT_PRIVATE_H
#define SOCKWATCH_ANALYSIS_PORTS_PORT_PRIVATE_H

#include <sockwatch/analysis/ports/port_budget.h>

static inline bool
port_set_has(const struct port_set *set, uint16_t port)
{
	return (set->bits[port / 64] >> port % 64 & 1) != 0;
}

static inline void
port_set_add(struct port_set *set, uint16_t port)
{
	set->bits[port / 64] |= UINT64_C(1) << port % 64;
}

/* Reads the range, the reserved ports and tcp_tw_reuse. */
void port_space_read(struct port_space *space, const struct model *model);
/* A sweep begins. */
void port_space_begin(struct port_space *space);
/*
 * A sweep has ended: the ports that it found bound are those that are. True when it must be done
 * again, as others were taken for bound while it went on.
 */
bool port_space_end(struct port_space *space);
/* Counts what is left. */
void port_space_count(struct port_space *space);
/* Does connect() take ports of TIME-WAITs between these addresses, or is that not known? */
bool port_space_reuses(const struct port_space *space, const struct socket_row *row);
/* May connect() take the port of this TIME-WAIT now? */
bool port_space_may_reuse(
	const struct port_space *space, const struct model *model, const struct socket_row *row);

#endif
