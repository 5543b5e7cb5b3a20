/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the owners of sockets in each refresh, at a cost that follows what changed: it looks at
 * each process's number of descriptors (one system call), then reads those that are new, those
 * whose number changed, and those that may hold a socket without a known owner.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_WALK_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_OWNER_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

#include "collector/proc/cgroup/cgroup_names.h"
#include "collector/proc/last_pid.h"
#include "collector/proc/proc.h"
#include "collector/proc/process_facts.h"
#include "collector/proc/user_names.h"
#include "fd_scan.h"
#include "holders.h"
#include "owner_deltas.h"
#include "owner_search.h"

/*
 * What a refresh does, in this order. NEW is not bounded by the credit: every new process is read.
 * The others are bounded, each with a part of the credit that the phases before must leave to it
 * (see owner_phase.c and owner_verify.h). What is not reached waits for the next refresh.
 */
enum owner_phase {
	OWNER_PHASE_LIST,   /* which processes there are */
	OWNER_PHASE_COUNT,  /* how many descriptors each has, whether it executed another program */
	OWNER_PHASE_REPEAT, /* for a key frame: reports all again that was reported, before changes
			     */
	OWNER_PHASE_CHECK,  /* looks in rotation whether known holds are still held */
	OWNER_PHASE_NEW,    /* reads those never read */
	OWNER_PHASE_CHANGED, /* reads those whose number changed */
	OWNER_PHASE_LIKELY,  /* reads those that listen on the port, or have the uid, of a pending
				socket */
	OWNER_PHASE_SWEEP,   /* reads all, for sockets pending since an earlier refresh */
	OWNER_PHASE_VERIFY,  /* reads in rotation, whether anything seems changed or not */
	OWNER_PHASE_FACTS,   /* reports again those whose facts may have changed */
	OWNER_PHASE_DESCRIPTORS, /* reports the numbers of descriptors that changed */
	OWNER_PHASE_DONE,
};

enum { OWNER_WALK_BEGINNINGS = 512 };

struct owner_walk {
	int proc;      /* descriptor of /proc */
	int directory; /* another one, to list it */
	struct stream_writer *writer;
	struct holders holders;
	struct owner_search search;
	struct process_facts facts;
	struct fd_scan first; /* of processes never read */
	struct fd_scan again; /* of all others; may last over several refreshes */
	struct owner_deltas deltas;
	struct last_pid last_pid;
	uint64_t listed_ns;   /* CLOCK_MONOTONIC of the last list; 0: none */
	bool is_list_skipped; /* LIST: in this refresh */
	bool has_gone;        /* COUNT: a process of the list is gone */
	uint32_t kept_max;    /* of holders.kept_count */
	uint32_t *pids;       /* scratch of OWNER_PHASE_LIST */
	size_t pids_capacity;
	uint32_t gone[MESSAGE_ARRAY_MAX];
	size_t gone_count;

	uint32_t refresh; /* counts from 1 */
	uint32_t settled; /* sockets that came until this refresh are found or settled */
	uint64_t begun_ns[OWNER_WALK_BEGINNINGS]; /* CLOCK_MONOTONIC, by refresh */
	bool counts_known; /* the kernel gives the number of descriptors (6.2 on) */
	bool asleep;       /* nobody needs owners */
	bool exhaustive;
	bool listed_twice; /* exhaustive: for those that came meanwhile */
	bool walked;       /* every process was read once */
	bool repeats;      /* what was reported is reported again in this refresh */
	enum owner_phase phase;
	size_t at;                      /* next of the rows, or of the queue */
	bool queued;                    /* the queue is that of this phase */
	uint32_t check_pid, verify_pid; /* CHECK, VERIFY: the rotation goes on after this pid */
	size_t check_hold;              /* CHECK: next hold of the row after check_pid */
	size_t checked;                 /* CHECK: in this refresh */
	size_t due;                     /* VERIFY: rows of this refresh, whatever they cost */
	uint64_t due_ns;                /* VERIFY: rows times ns that are not yet worth a row */
	uint64_t verify_end;            /* VERIFY: CPU clock, until then more than the rows due */
	size_t reported;                /* rows that were reported and can be read */
	size_t every;                   /* COUNT: one in so many of them is checked for an exec */
	struct holder **queue;
	size_t queue_count, queue_capacity;

	int64_t credit_ns;    /* CPU time that rereading may take now */
	int64_t granted_ns;   /* credit_ns at the begin of this refresh */
	int64_t reserved_ns;  /* the part that this phase must leave */
	int64_t earned_ns;    /* the part that came since the last refresh */
	uint64_t credited_ns; /* CLOCK_MONOTONIC of the last credit */
	uint64_t slice_end;   /* CPU clock: the caller's budget ends */
	uint64_t phase_end;   /* CPU clock: the phase's part of the credit ends */
};

/* users, cgroups and memory must outlive it. 0, or negative errno. */
int owner_walk_init(struct owner_walk *walk, int proc, struct stream_writer *writer,
	struct user_names *users, struct cgroup_names *cgroups, struct cgroup_memory *memory);
void owner_walk_fini(struct owner_walk *walk);

void owner_walk_begin(struct owner_walk *walk, uint32_t needs, bool exhaustive);
/* After owner_walk_begin: as proc_forget_sent. */
void owner_walk_forget_sent(struct owner_walk *walk);
/* As proc_step. */
bool owner_walk_step(struct owner_walk *walk, uint64_t budget_ns);

/* As proc_saw_socket. */
void owner_walk_saw_socket(struct owner_walk *walk, const struct proc_socket *socket);

/* As proc_is_adrift. */
bool owner_walk_is_adrift(struct owner_walk *walk, uint32_t inode);

/*
 * CLOCK_MONOTONIC: the owners of sockets from before were found, or every process was read since.
 * 0: not known.
 */
uint64_t owner_walk_settled_ns(const struct owner_walk *walk);

/* Processes whose descriptors we may not read. */
uint32_t owner_walk_hidden(const struct owner_walk *walk);

#endif
