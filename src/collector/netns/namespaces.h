/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network namespaces that are looked at: our own, a named one, or all that can be found. Each
 * has a sock_diag socket and its counter files, which are opened inside once, stay bound to it, and
 * are used from our own namespace. They keep a namespace alive, so they are closed as soon as it is
 * not found any more.
 */
#ifndef SOCKWATCH_COLLECTOR_NETNS_NAMESPACES_H
#define SOCKWATCH_COLLECTOR_NETNS_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/error.h>
#include <sockwatch/base/map.h>
#include <sockwatch/privilege/netns_find.h>
#include <sockwatch/stream/stream.h>

#include "collector/netlink/digest.h"
#include "collector/proc/proc.h"

enum { NAMESPACES_MAX = 4096, NAMESPACES_OWN = 1 };

/* What was last sent of one table, TCP or UDP. */
struct netns_table {
	struct digest_table known;
	bool is_reported;        /* a complete dump was sent under the current subscription */
	uint64_t unconnected_ns; /* CLOCK_MONOTONIC when bound sockets were last asked for */
	/* As of the last complete walk of the TCP table. */
	bool is_walked;
	uint64_t walked_ns; /* CLOCK_MONOTONIC */
	bool had_connections;
	uint64_t in_segs;
	bool has_mptcp;    /* connections, when they were last asked for */
	uint64_t mptcp_ns; /* CLOCK_MONOTONIC then */
};

struct netns {
	uint32_t id;
	uint64_t inode;
	uint32_t pid; /* a process in it, or 0 */
	char *name;   /* of /run/netns, or NULL */
	int error;    /* errno why it could not be entered, or 0 */
	bool seen;    /* by the current look */
	bool seen_by_name;
	bool is_name_gone; /* what it was found by leads to it no more, but it is alive */
	int diag;          /* -1: none */
	int counters[PROC_COUNTER_FILES];
	struct netns_table tcp, udp;
};

struct namespaces {
	struct netns **list; /* our own first, when it is looked at */
	size_t count;
	struct map by_inode; /* to the index in list */
	uint32_t last_id;
	int own; /* namespace file, to come back */
	uint64_t own_inode;
	enum subscription_netns mode;
	char wanted[256];
	uint32_t refused;      /* not entered for lack of rights, in this look */
	uint64_t wanted_inode; /* where the wanted one was last found; 0: nowhere yet */
	bool is_missing;       /* the wanted one is not there; reported once */
	uint64_t next_look_ns; /* CLOCK_MONOTONIC */
	struct stream_writer *writer;
	uint64_t *losses;
	struct proc *proc; /* learns when one is gone; may be NULL */
	uint32_t viewer;   /* pid of a process that may be in it for names alone, or 0 */
};

/* 0 or negative errno with a sentence. writer and losses must outlive it. */
int namespaces_init(struct namespaces *namespaces, struct stream_writer *writer, uint64_t *losses,
	struct error *error);
void namespaces_fini(struct namespaces *namespaces);

/* Chooses the namespaces. Takes effect with the next look. */
void namespaces_subscribe(
	struct namespaces *namespaces, const struct message_subscription *subscription);

/*
 * Looks for namespaces when it is time to, and reports new and vanished ones. 0; -ENOENT or why the
 * wanted one cannot be entered, with a sentence; -ENOTRECOVERABLE when the thread cannot come back.
 */
int namespaces_look(struct namespaces *namespaces, struct error *error);

/* NULL when there is none. */
struct netns *namespaces_find(const struct namespaces *namespaces, uint32_t id);

/* Every socket is to be sent again. */
void namespaces_forget_sent(struct namespaces *namespaces);
/* Reports all of them again, for a key frame. */
void namespaces_report(const struct namespaces *namespaces);

/*
 * namespaces_alive.c: somebody lives in it, or sockets of it were listed last time: what is kept by
 * a descriptor alone cannot be found otherwise. netns->pid is a process in it then, or 0. The
 * viewer does not count.
 */
bool namespaces_is_alive(struct netns *netns, uint32_t viewer);

/* namespaces_find.c: calls on_sight for each that can be found, perhaps more than once. Stops at
 * the first result that is not 0, and returns it. */
int namespaces_find_all(
	int (*on_sight)(void *context, const struct netns_sight *sight), void *context);

#endif
