/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Listeners of TCP: their queues, what they drop, and the connections that came in by them. Updated
 * once a snapshot; read by the listeners' screen, `list --listeners` and rules of doctor. Pure: a
 * model in, rows out.
 *
 * A connection belongs to the listener of its local address and port, or else to the one of all
 * addresses. Listeners of the same address and port (SO_REUSEPORT) share their connections here, as
 * the kernel does not report which of them a connection came in by: they are one group.
 */
#ifndef SOCKWATCH_ANALYSIS_LISTENER_H
#define SOCKWATCH_ANALYSIS_LISTENER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/analysis/listeners/half_open.h>
#include <sockwatch/base/address.h>
#include <sockwatch/base/keyed.h>
#include <sockwatch/model/model.h>

/* Listeners at most; more are refused and counted. */
enum { LISTENERS_MAX = 65536 };

#define LISTENER_GROUP_NONE UINT32_MAX

/* Where the listeners of a group listen. */
struct listener_key {
	struct address local;
	uint32_t ifindex; /* that they are bound to, or 0 */
	uint16_t port;
	uint16_t netns;
};

/* Listeners of one address and port, and their connections. */
struct listener_group {
	struct listener_key key;
	uint32_t listeners;
	uint32_t by_state[TCP_STATE_COUNT]; /* connections */
	uint32_t unaccepted;                /* connections that no program has accepted yet */
	struct half_open half_open;         /* SYN-RECEIVED */
	uint32_t backlogs;                  /* sum of the listeners' */
	/* Between the last two updates: */
	uint32_t accepted; /* at least: connections that came and went between are not seen */
	uint32_t waited;   /* unaccepted at the update before, of which no more is seen so */
	uint32_t before;   /* unaccepted at the update before */
};

struct listener {
	uint64_t cookie; /* the key */
	uint64_t netns;
	uint32_t socket; /* id of its row */
	uint32_t group;  /* index in listener_table.groups, or LISTENER_GROUP_NONE: no memory */
	uint32_t accept_queue; /* connections that wait for accept() */
	uint32_t backlog;      /* its limit: the kernel lets one more in */
	uint32_t accept_peak;  /* the most that waited at an update */
	bool has_drops;
	uint32_t drops; /* connection attempts that it dropped since it listens (sk_drops) */
	/* Between the last two updates: */
	bool has_rate; /* it was there at both */
	uint32_t dropped;
	uint32_t update; /* number of the update that saw it last */
};

struct listener_table {
	struct keyed listeners; /* struct listener, in the order in which they were seen first */
	struct keyed groups;    /* struct listener_group */
	/* Between the last two updates; 0: there was only one. */
	double seconds;
	uint64_t updated_ns; /* CLOCK_MONOTONIC of the collector */
	uint32_t updated_ms; /* on the clock of the rows */
	uint32_t updates;
	/* Connections that are not accepted, and requests: now, and the time before. */
	struct map waiting, waited;
	struct keyed sources;     /* of half-open connections */
	uint8_t ports[65536 / 8]; /* those that somebody listens on */
};

void listener_table_init(struct listener_table *table);
void listener_table_fini(struct listener_table *table);
/* Takes in a snapshot that has ended. It needs all rows of TCP: a dump without filter. */
void listener_table_update(struct listener_table *table, const struct model *model);
/* Listeners and groups that had no room. */
uint64_t listener_table_refused(const struct listener_table *table);

static inline uint32_t
listener_table_count(const struct listener_table *table)
{
	return table->listeners.count;
}
/* index: below the count. Lives until the next update. */
static inline const struct listener *
listener_table_at(const struct listener_table *table, uint32_t index)
{
	return keyed_at(&table->listeners, index);
}
/* NULL: there was no memory for it. */
static inline const struct listener_group *
listener_group(const struct listener_table *table, const struct listener *listener)
{
	return listener->group < table->groups.count ? keyed_at(&table->groups, listener->group)
						     : NULL;
}
/* Its row; NULL when it has ended since the table was updated. */
const struct socket_row *listener_socket(
	const struct model *model, const struct listener *listener);
/* Which addresses can reach it. */
enum listener_exposure {
	LISTENER_EXPOSURE_LOOPBACK, /* this box only */
	LISTENER_EXPOSURE_ADDRESS,  /* one address of the box */
	LISTENER_EXPOSURE_ALL,      /* every address of the box */
};
enum listener_exposure listener_exposure(const struct socket_row *row);

/*
 * The most half-open connections before SYNs are answered with cookies or dropped. *limit is 0 with
 * tcp_syncookies 2, where there are none. false: the sysctls are not known.
 */
bool listener_half_open_limit(
	const struct model *model, const struct listener_group *group, uint32_t *limit);

/* A row of the fields. */
struct listener_row {
	const struct listener_table *table;
	const struct listener *listener;
};
/* The fields of struct listener_row. */
extern const struct field_table listener_fields;
/* The usual columns of text, for field_parse_list. */
extern const char listener_columns[];

#endif
