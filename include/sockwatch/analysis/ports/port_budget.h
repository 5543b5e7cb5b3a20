/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The port budget: how many local ports of the ephemeral range each destination of outgoing TCP
 * connections uses, and how many it can use. A destination is a local address with a remote address
 * and port: connect() needs another local port for each connection between the same of them, and
 * finds none when all are used, by TIME-WAIT too (EADDRNOTAVAIL). Other destinations have a budget
 * of their own. Updated once a snapshot. Pure: a model in, rows out.
 *
 * Usable is at most what is said here: an outgoing socket that called bind() before connect() takes
 * its port from every destination, and the kernel does not report that.
 */
#ifndef SOCKWATCH_ANALYSIS_PORTS_PORT_BUDGET_H
#define SOCKWATCH_ANALYSIS_PORTS_PORT_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/base/address.h>
#include <sockwatch/base/keyed.h>
#include <sockwatch/model/model.h>

enum {
	DESTINATIONS_MAX = 65536, /* more are refused and counted, as the next */
	PORT_SPACES_MAX = 256,
	DESTINATION_PROCESSES = 4,
	/* Sockets whose process is looked for: of one destination, and of all in one update. */
	DESTINATION_ASKED_LEAST = 8,
	DESTINATION_ASKED_MAX = 256,
	PORT_ASKED_MAX = 4096,
};

#define DESTINATION_NONE UINT32_MAX

/* May connect() take the port of a connection in TIME-WAIT (tcp_tw_reuse)? */
enum port_reuse {
	PORT_REUSE_UNKNOWN,
	PORT_REUSE_NONE,     /* 0, or tcp_timestamps is 0 */
	PORT_REUSE_LOOPBACK, /* 2: if one of the addresses is in 127.0.0.0/8, or ::1 */
	PORT_REUSE_ALL,      /* 1 */
};

/* A set of ports. */
struct port_set {
	uint64_t bits[65536 / 64];
};

/* The local ports of a network namespace. */
struct port_space {
	uint64_t netns; /* the key: our number */
	bool is_known;  /* the range is */
	uint16_t low, high;
	uint32_t reserved; /* ports of the range that ip_local_reserved_ports takes out */
	bool is_cut;       /* that list was longer than what is read of it: there are more */
	uint32_t bound;    /* others that somebody bound: listeners, their connections */
	uint32_t usable;   /* the rest */
	enum port_reuse reuse;
	uint32_t reuse_delay_ms;       /* how long a TIME-WAIT must have lasted for it */
	bool was_swept;                /* its rows were looked at before */
	struct port_set offered;       /* the range without reserved ones; all ports if not known */
	struct port_set taken, taking; /* those of bound: in the sweep before, and in this one */
};

struct destination_process {
	uint32_t pid, sockets;
};

struct destination_key {
	struct address local, remote;
	uint32_t netns; /* our number */
	uint32_t port;
};

struct destination {
	struct destination_key key;
	uint32_t used;                      /* distinct local ports of the offered ones */
	uint32_t reusable;                  /* those of TIME-WAITs that connect() may take */
	uint32_t by_state[TCP_STATE_COUNT]; /* sockets */
	uint32_t taken;                     /* sockets that are new since the update before */
	/* The processes that hold most of those that are looked at, or held them at the last look
	 * that showed one. */
	struct destination_process processes[DESTINATION_PROCESSES];
	uint32_t process_count; /* of the array */
	uint32_t asked;         /* sockets whose process was looked for: the first ones */
	/* Mean of the last looks; 0 s: there was only one. */
	double seconds;
	double taken_a_second, freed_a_second;
	bool is_late; /* the processes are of an earlier look */
};

struct port_budget {
	struct keyed destinations; /* struct destination */
	struct keyed before;       /* those of the update before */
	struct keyed spaces;       /* struct port_space */
	struct map ports;          /* of destinations where two sockets may have one */
	double interval_s;         /* between the last two updates; 0: there was only one */
	uint64_t updated_ns;       /* CLOCK_MONOTONIC of the collector */
	uint32_t updated_ms;       /* on the clock of the rows */
	uint32_t updates, asked_max;
	uint32_t fullest; /* index; its percent is above 0. DESTINATION_NONE: there is none */
	uint64_t refused;
};

void port_budget_init(struct port_budget *budget);
void port_budget_fini(struct port_budget *budget);
/* Takes in a snapshot that has ended. It needs all rows of TCP: a dump without filter. */
void port_budget_update(struct port_budget *budget, const struct model *model);
/* Destinations, namespaces and ports that had no room. */
uint64_t port_budget_refused(const struct port_budget *budget);

static inline uint32_t
port_budget_count(const struct port_budget *budget)
{
	return budget->destinations.count;
}
/* index: below the count. Lives until the next update. */
static inline const struct destination *
port_budget_at(const struct port_budget *budget, uint32_t index)
{
	return keyed_at(&budget->destinations, index);
}
/* The one that is nearest to its end, as of the last update; NULL: none has a port in use. */
static inline const struct destination *
port_budget_fullest(const struct port_budget *budget)
{
	return budget->fullest < budget->destinations.count
		       ? port_budget_at(budget, budget->fullest)
		       : NULL;
}
/* NULL: nothing is known of this namespace. */
const struct port_space *port_budget_space(const struct port_budget *budget, uint32_t netns);

/* Ports that are neither usable for a new connection nor reusable, in percent of the usable ones.
 * false: the range is not known. */
bool destination_percent(
	const struct port_budget *budget, const struct destination *destination, double *percent);
/* How many new connections have room. false: the range is not known. */
bool destination_free(
	const struct port_budget *budget, const struct destination *destination, uint32_t *ports);
/* Seconds until no port is left, as the use grows now. false: not known, or it does not grow. */
bool destination_left_s(
	const struct port_budget *budget, const struct destination *destination, double *left_s);

/* A row of the fields. */
struct destination_row {
	const struct port_budget *budget;
	const struct destination *destination;
};
/* The fields of struct destination_row. */
extern const struct field_table destination_fields;
/* The usual columns of text, for field_parse_list. */
extern const char destination_columns[];

#endif
