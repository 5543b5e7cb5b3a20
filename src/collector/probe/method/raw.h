/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Raw sockets of TCP and UDP that see the answers to probes and nothing else. */
#ifndef SOCKWATCH_COLLECTOR_PROBE_METHOD_RAW_H
#define SOCKWATCH_COLLECTOR_PROBE_METHOD_RAW_H

#include <stdint.h>

#include "collector/probe/target.h"

/* What is let through. Offsets count from the TCP or UDP header. */
struct raw_filter {
	uint16_t port;
	uint8_t port_offset;
	uint8_t flags; /* TCP flags, one of which must be set; 0: any packet */
};

/*
 * Opens target->fd for a protocol and reserves source ports by sockets of this type, so that
 * nobody's connection is taken for a probe. 0 or negative errno.
 */
int raw_open(struct target *target, int protocol, unsigned flows, int type);
/* Attaches the filter, then connects target->fd. 0 or negative errno. */
int raw_connect(const struct target *target, const struct raw_filter *filter);

/* The filter alone, for any raw socket of the target. 0 or negative errno. */
int raw_attach(const struct target *target, int fd, const struct raw_filter *filter);

#endif
