/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The troubles that doctor must know, made with real sockets (trouble.c has the command line). A
 *kind is a row of a table; the tables are in the files of their subjects:
 *
 *	trouble_queue.c   half-open and accept queues, descriptors
 *	trouble_open.c    connects that are not answered, refused, repeated; ports that run out
 *	trouble_leak.c    what a program keeps: CLOSE-WAIT, silent and repeated connections
 *	trouble_close.c   closes that do not come to an end, resets
 *	trouble_path.c    loss, queues and holes on the way
 *	trouble_window.c  windows, buffers and memory
 *	trouble_host.c    listeners, scans, UDP, connection tracking, sysctls
 *	trouble_news.c    programs that begin to connect out, and where programs connect to
 *	trouble_healthy.c a busy box without trouble
 *
 * lab.h has the two sides and the wire, ends.h lists of sockets, proc.h what /proc says.
 */
#ifndef SOCKWATCH_TESTS_TROUBLE_TROUBLE_H
#define SOCKWATCH_TESTS_TROUBLE_TROUBLE_H

#include "ends.h"
#include "lab.h"
#include "proc.h"

/* The service that the trouble is about, and the one that talks on in peace. */
enum { TROUBLE_PORT = 8080, TALK_PORT = 443 };

struct trouble {
	struct lab lab;
	unsigned size;
	bool is_large; /* rates that do not follow from the size are higher */
	uint64_t now_ns, begun_ns;
	int listener; /* near, unless the kind says otherwise */
	pid_t child;  /* a process of the kind's own, or 0 */
	struct ends near, far;
};

struct kind {
	const char *name;
	unsigned small, large; /* sizes for the matrix */
	const char *help;      /* what SIZE counts */
	bool is_quiet;         /* nothing talks beside it */
	void (*make)(struct trouble *trouble);
	/* It is as it should be; asked every 20 ms, then "ready" is printed. */
	bool (*stands)(struct trouble *trouble);
	void (*keep)(struct trouble *trouble); /* every 20 ms, before and after; may be NULL */
	void (*clean)(
		struct trouble *trouble); /* what does not end with the process; may be NULL */
};

struct kind_table {
	const struct kind *kinds;
	size_t count;
};

extern const struct kind_table queue_kinds, open_kinds, leak_kinds, close_kinds, path_kinds,
	window_kinds, host_kinds, news_kinds, healthy_kinds;

/* How often something is due at a rate; zeroed it begins now. */
struct pace {
	uint64_t last_ns;
	double rest;
};
/* How many are due since the last call; not more than those of half a second. */
unsigned pace_due(struct pace *pace, uint64_t now_ns, double a_second);

/* What the kernel said of a socket; fails when it is none of TCP. */
struct tcp_info trouble_info(int fd);
/* Forks a process that ends when we do. Gives 0 in it, else its pid, which is also in child. */
pid_t trouble_fork(struct trouble *trouble, const char *name);
/* The machine cannot do it: ends with status 77 and the reason. */
_Noreturn void trouble_skip(const char *reason);

#endif
