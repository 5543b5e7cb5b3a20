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
	uint8_t ttl, flow, state; /* enum path_probe_state */
};

struct path_flow {
	uint8_t end;      /* ttl at which it ends, or 0 */
	uint8_t farthest; /* ttl of a router that answered, or 0 */
};

struct path_entry {
	struct path path;
	struct path_probe probes[PATH_PROBES]; /* by sequence */
	uint32_t newest;                       /* sequence */
	uint32_t oldest;                       /* none before it is open; 0: none at all was sent */
	bool is_dirty;                         /* verdicts are to be looked at again */
	struct path_flow flows[PATH_FLOWS_MAX];
	struct address flow_address[PATH_TTL_MAX][PATH_FLOWS_MAX]; /* last that answered */
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
/* Destination unreachable, for whatever reason but size: beyond its sender nothing comes. */
bool path_is_unreachable(const struct path *path, const struct message_probe_answer *answer);

/* Loss of hops and links, and the verdicts. */
void path_judge(struct path *path);

#endif
