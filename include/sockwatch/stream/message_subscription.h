/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the collector fetches, as the viewer orders it: the body of MESSAGE_SUBSCRIPTION. */
#ifndef SOCKWATCH_STREAM_MESSAGE_SUBSCRIPTION_H
#define SOCKWATCH_STREAM_MESSAGE_SUBSCRIPTION_H

#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/text.h>
#include <sockwatch/stream/array.h>

enum protocol_bit { PROTOCOL_TCP = 1, PROTOCOL_UDP = 2 };
enum family_bit { FAMILY_V4 = 1, FAMILY_V6 = 2 };

enum subscription_netns {
	SUBSCRIPTION_NETNS_OWN,
	SUBSCRIPTION_NETNS_NAMED,
	SUBSCRIPTION_NETNS_ALL
};

/*
 * What the kernel filters: a conjunction of clauses, each a disjunction of conditions. Conditions
 * of one clause stand together and carry its number. The kernel may let more through than these
 * match: the viewer filters again.
 */
enum condition_kind {
	CONDITION_LOCAL_PORT = 1, /* low <= local port <= high */
	CONDITION_REMOTE_PORT,
	CONDITION_LOCAL_ADDRESS, /* first `prefix` bits (of 128) equal */
	CONDITION_REMOTE_ADDRESS,
};

struct subscription_condition {
	uint8_t clause;
	uint8_t kind; /* enum condition_kind */
	uint8_t prefix;
	uint8_t reserved;
	uint16_t low, high; /* host order */
	uint8_t address[16];
};

enum { SUBSCRIPTION_CONDITIONS_MAX = 32 };

struct message_subscription {
	uint64_t needs;       /* enum need */
	uint32_t interval_ms; /* between refreshes */
	uint8_t once;         /* one snapshot, owners complete, then end */
	uint8_t paused;
	uint8_t protocols;       /* enum protocol_bit */
	uint8_t families;        /* enum family_bit */
	uint32_t states;         /* bit 1 << TCP_* state, as idiag_states; bit 13 bound-inactive */
	uint8_t netns_mode;      /* enum subscription_netns */
	struct text netns;       /* name or pid, when named */
	struct array conditions; /* struct subscription_condition */
	struct text capture_interface; /* "" is "any" */
	uint8_t capture_data;          /* 1: all TCP segments, not only SYN, FIN and RST */
	uint8_t capture_tunnels;       /* 1: all packets of tunnels that can be looked into */
	/* When watch_remote_port is not 0, all segments of this connection are captured too. */
	struct address watch_local;
	struct address watch_remote;
	uint16_t watch_local_port;
	uint16_t watch_remote_port;
	uint32_t watch_netns;
	/* Another number than in the subscription before: the next refresh is a key frame. */
	uint32_t key;
};

#endif
