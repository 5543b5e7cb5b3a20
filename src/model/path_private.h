/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the path model share. */
#ifndef MODEL_PATH_PRIVATE_H
#define MODEL_PATH_PRIVATE_H

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

struct path_entry {
	struct path path;
	struct path_probe probes[PATH_PROBES];                     /* by sequence */
	struct address flow_address[PATH_TTL_MAX][PATH_FLOWS_MAX]; /* last that answered */
};

struct path_table {
	struct path_entry **entries; /* in order of start */
	uint32_t count, limit;
};

/* What an ICMP error says besides that it came: unreachable, next-hop MTU, MPLS labels. */
void path_note_icmp(struct path *path, struct hop *hop, const struct message_probe_answer *answer);

/* Loss of hops and links, and the verdicts. */
void path_judge(struct path *path);

#endif
