/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How often a router may be made to answer. Linux lets a router send one ICMP error a second to one
 * peer, after six at once (net.ipv4.icmp_ratelimit); more probes than that look lost. So each
 * router that answers with ICMP errors has a token bucket of that kind, one for all targets behind
 * it, and its users take tokens in rotation. Pure: the caller passes the time.
 */
#ifndef SOCKWATCH_COLLECTOR_PROBE_RATE_LIMIT_H
#define SOCKWATCH_COLLECTOR_PROBE_RATE_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/map.h>

enum { RATE_LIMIT_ROUTERS_MAX = 8192 };

struct rate_limit_router {
	uint64_t filled_ns;
	int32_t tokens; /* thousandths; below 0 after probes that took no token */
	uint32_t users; /* slots whose last answer came from it */
	uint32_t next_free;
	uint64_t key;
};

struct rate_limit {
	struct map by_address;
	struct rate_limit_router *routers;
	uint32_t count, capacity, first_free;
};

/* One ttl of one flow of one target. */
struct rate_limit_slot {
	uint32_t router;    /* index + 1; 0: not known, or not to be spared */
	uint32_t asked;     /* the router whose token the last probe took */
	uint8_t misses;     /* probes in a row without an answer */
	uint8_t skipped;    /* cycles since the last probe */
	bool is_open;       /* the last probe has no answer yet; the owner may clear it */
	uint64_t sent_ns;   /* the last probe */
	uint64_t period_ns; /* between probes of its router; set by the owner */
};

void rate_limit_init(struct rate_limit *limit);
void rate_limit_fini(struct rate_limit *limit);

/*
 * Whether this slot may be probed now. like: another slot whose router is assumed while its own is
 * not known, or NULL. has_beyond: hops beyond it answer, so if it does not, its router is silent.
 */
bool rate_limit_take(struct rate_limit *limit, struct rate_limit_slot *slot,
	const struct rate_limit_slot *like, uint64_t now_ns, bool has_beyond);
/* The slot was answered. router: by whose ICMP error; NULL: by a host that always answers. */
void rate_limit_answered(struct rate_limit *limit, struct rate_limit_slot *slot,
	const struct address *router, uint32_t netns, uint64_t now_ns);
/* A router answered for a slot that is not its own any more. */
void rate_limit_charge(struct rate_limit *limit, const struct rate_limit_slot *slot,
	const struct address *router, uint32_t netns, uint64_t now_ns);
/* The slot has no router any more, or ends. */
void rate_limit_forget(struct rate_limit *limit, struct rate_limit_slot *slot);

#endif
