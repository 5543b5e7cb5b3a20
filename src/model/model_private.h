/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the model keeps for itself: nothing outside src/model needs it. One for each model, reached
 * as model->own; one for each namespace, reached as netns->own.
 */
#ifndef SOCKWATCH_MODEL_MODEL_PRIVATE_H
#define SOCKWATCH_MODEL_MODEL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/clock_steps.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/caller.h>
#include <sockwatch/model/model.h>
#include <sockwatch/model/names.h>
#include <sockwatch/model/netns.h>

#include "model/system/cgroup_memory_rows.h"
#include "model/system/sysctl_settings.h"
#include "model/system/sysctl_values.h"

enum {
	MODEL_CLOSED_MAX = 20000,     /* closed rows that are kept; the oldest go first */
	MODEL_DISCONNECTED_MAX = 256, /* see disconnected.h */
	MODEL_ENDED_PROCESSES = 1024, /* names that are kept */
	MODEL_TEXTS_MAX = 200000,     /* texts at once */
	MODEL_NAMES_MAX = 131072,     /* users, cgroups, links: each */
	MODEL_CMDLINE_MAX = 4096,     /* bytes that are kept of a command line */
	MODEL_PATHS_MAX = 256,
};

/* A map in two generations: see recent_map.h. */
struct recent_map {
	struct map young, old;
};

/* When a dump began, and its number among all dumps; number 0: there was none. */
struct dump_mark {
	uint64_t monotonic_ns;
	uint32_t ms; /* as the rows' times */
	uint32_t number;
};

/* Arrays of two are by socket_protocol_index: TCP, UDP. */
struct netns_private {
	struct capture_sums captured;      /* as it was reported last */
	bool capture_runs, capture_failed; /* by its last report */
	uint32_t listed[2];
	uint32_t rows[2];             /* live */
	uint32_t references;          /* rows, closed ones included */
	struct dump_mark dump[2];     /* the current or last one */
	struct dump_mark last[2];     /* the last that ended */
	struct dump_mark complete[2]; /* the last complete one that ended */
	/* Rows whose rate changes by itself when the next dump ends: it falls to 0 or becomes
	 * known. */
	uint32_t settling[2], settling_next[2];
	uint8_t visit[2];
	bool has_begun[2];                    /* a full dump came */
	bool is_partial[2];                   /* dumps came, but no full one */
	struct map mptcp_receive, mptcp_send; /* inode to bytes: see mptcp.h */
	struct recent_map closed_cookies;     /* see closed_cookies.h */
	struct recent_map closed_unlisted; /* destroyed before a dump listed them: see timewait.h */
	struct sysctl_values *sysctls;     /* NULL: none was read */
};

/* A closed row in the order of closing. */
struct model_closed {
	uint32_t socket;
	uint32_t closed_ms;
};

/* The name of a process that has ended: its sockets' rows outlive it for a while. */
struct model_ended_process {
	uint32_t pid; /* 0: free */
	char comm[16];
};

struct model_private {
	struct model_ended_process
		ended_processes[MODEL_ENDED_PROCESSES]; /* by the pid's lower bits */
	struct clock_steps clock_steps;
	uint64_t message_ns;                 /* steady time of the newest message; 0: none */
	uint64_t tick_ns, tick_monotonic_ns; /* two clocks at one moment: see model_tick_live */
	struct caller_table callers;         /* of connections whose process was gone too soon */
	struct names *names;                 /* of addresses */
	struct sysctl_values sysctls;        /* of the machine */
	struct cgroup_memory_rows cgroup_memory;
	struct sysctl_settings sysctl_settings; /* of files */
	char hidden_words[768];                 /* see hidden.h */
	uint32_t settled_ms;    /* owners of sockets from before were searched for ... */
	bool has_settled;       /* ... if this is known */
	struct map netns_by_id; /* the stream's number to ours */
	struct map users;       /* uid to intern */
	struct map cgroups;     /* id, hashed, to intern */
	uint32_t sequence;      /* of the current or last snapshot */
	/* The open dump. */
	struct netns_row *dump; /* its namespace, or NULL: none is open */
	uint8_t dump_protocol;  /* IPPROTO_TCP, IPPROTO_UDP */
	bool dump_full;
	uint32_t dump_number;  /* dumps since the start */
	uint32_t dump_visited; /* rows that the open dump listed, when it is full */
	bool rebinding;        /* the collector was started again and has not ended a snapshot */
	/* Sockets of a cgroup without a name carry a number instead; to the name when it came. */
	uint32_t cgroups_nameless;
	struct map cgroups_named;
	uint32_t text_goal;                /* number of texts at which unused ones are dropped */
	uint64_t loss_base[LOSS_COUNT];    /* of collectors before this one */
	struct model_closed *closed_queue; /* ring of MODEL_CLOSED_MAX */
	uint32_t closed_first, closed_count;
	struct model_closed disconnected[MODEL_DISCONNECTED_MAX]; /* a ring too */
	uint64_t disconnected_end;
	/* TCP rows by their endpoints; only when there are packets or destroy events. */
	struct map tuple_index;
	bool has_tuple_index;
	struct map successors;            /* hash of addresses to rows: see timewait.h */
	struct recent_map awaiting_event; /* the same, to rows whose destroy event may still come */
	size_t recent_count;              /* entries of all recent maps */
	char last_congestion[16];
	uint16_t last_congestion_text;
};

#endif
