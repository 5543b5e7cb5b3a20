/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the path model share. */
#ifndef SOCKWATCH_MODEL_PATH_PATH_PRIVATE_H
#define SOCKWATCH_MODEL_PATH_PATH_PRIVATE_H

#include <sockwatch/model/path.h>

/* Probes remembered per path; an older one that is still open when its place is needed is lost. */
enum { PATH_PROBES = 1024 };

enum path_probe_state {
	PATH_PROBE_FREE,
	PATH_PROBE_PENDING,
	PATH_PROBE_ANSWERED,
	PATH_PROBE_LOST,
};

struct path_probe {
	uint64_t sent_ns;
	uint32_t sequence;
	uint16_t size;            /* bytes of the IP packet; 0: not known */
	uint8_t ttl, flow, state; /* enum path_probe_state */
	bool is_search;           /* for the path MTU: counts for no hop */
};

/* What the last answer at a ttl of a flow says of the path's end. */
enum path_seen {
	PATH_SEEN_NONE,
	PATH_SEEN_ROUTER,    /* goes on */
	PATH_SEEN_AS_ROUTER, /* the target's address answers as a router does: ends, unless routers
			       follow */
	PATH_SEEN_REFUSAL,   /* a router lets nothing pass */
	PATH_SEEN_PORT,      /* port unreachable by another address: a refusal, or the target's */
	PATH_SEEN_TARGET,
};

struct path_flow {
	uint8_t end;                /* ttl at which it ends, or 0 */
	uint8_t farthest;           /* ttl that answered, or 0 */
	bool is_target;             /* the target is at its end */
	uint8_t seen[PATH_TTL_MAX]; /* enum path_seen */
};

/* Which router answered a flow at a ttl, over time. */
struct path_run {
	struct address way;  /* that answered often enough to count as the way */
	uint64_t began_ns;   /* of the run of the last one that answered */
	uint64_t calm_ns;    /* until then one way was kept for long */
	uint16_t length;     /* answers in a row of the last one */
	uint16_t short_runs; /* that ended soon, since it was calm */
	bool is_way;         /* there is one */
	bool is_balanced;    /* the router before it chooses a way per packet */
};

struct path_entry {
	struct path path;
	struct path_probe probes[PATH_PROBES]; /* by sequence */
	uint32_t newest;                       /* sequence */
	uint32_t oldest;                       /* none before it is open; 0: none at all was sent */
	bool is_dirty;                         /* verdicts are to be looked at again */
	struct path_flow flows[PATH_FLOWS_MAX];
	struct address flow_address[PATH_TTL_MAX][PATH_FLOWS_MAX]; /* last that answered */
	struct path_run runs[PATH_TTL_MAX][PATH_FLOWS_MAX];
};

struct path_table {
	struct path_entry **entries; /* in order of start */
	uint32_t count, limit;
};

/* What an ICMP error says besides that it came: unreachable, MPLS labels. */
void path_note_icmp(
	const struct path *path, struct hop *hop, const struct message_probe_answer *answer);
/* The probe was larger than a link; its next-hop MTU is noted where the router stands. */
bool path_is_too_big(const struct path *path, const struct message_probe_answer *answer);
void path_note_mtu(
	struct path *path, const struct hop *hop, const struct message_probe_answer *answer);
/* No packet larger than this passes; 0: not known. */
void path_limit_mtu(struct path *path, uint16_t mtu);
/* Destination unreachable, for whatever reason but size: beyond its sender nothing comes. */
bool path_is_unreachable(const struct path *path, const struct message_probe_answer *answer);

/* Nobody has the target's address on the router's link: it comes when the neighbour's time is over.
 */
bool path_is_neighbour_timeout(const struct path *path, const struct message_probe_answer *answer);
enum path_answer path_answer_of(const struct path *path, const struct message_probe_answer *answer);

/* Where the path ends, after the answer to a probe. entry->flow_address has its sender. */
void path_end_note(struct path_entry *entry, const struct path_probe *probe,
	const struct message_probe_answer *answer);

/* Whether the path changed, after the answer to a probe. Sets entry->flow_address. */
void path_change_note(struct path_entry *entry, const struct path_probe *probe,
	const struct address *from, uint64_t now_ns);

/* Loss of hops and links, and the verdicts. */
void path_judge(struct path *path);

#endif
