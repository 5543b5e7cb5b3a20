/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes of the box and the sockets that each holds, as they were when last read. A hold is
 * inode << 32 | descriptor, the form of struct message_owners. The holds of a process are in
 * ascending order of descriptors, because the kernel lists them so.
 *
 * A hold takes 8 bytes here and 12 to 24 in `owned`; the kernel spends more than a kilobyte on the
 * socket. The kernel bounds the number of descriptors.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_OWNER_HOLDERS_H
#define SOCKWATCH_COLLECTOR_PROC_OWNER_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/map.h>

enum { HOLDERS_ADRIFT_BITS = 4096, HOLDERS_ADRIFT_MAX = 16384 };

/* Descriptors that a process has open, and may have ("Max open files", soft). */
struct holder_descriptors {
	uint32_t open, limit;
	bool has_open, has_limit; /* they are known */
};

struct holder {
	uint32_t pid;
	uint32_t uid;         /* of its descriptor directory: 0 when the process is not dumpable */
	uint64_t directory;   /* inode of /proc/PID/fd: the same inode is the same process */
	uint64_t start_ticks; /* 0: not yet read */
	uint64_t image;       /* the program that it executes; a change is an exec */
	uint64_t facts;       /* hash of what was reported of it */
	uint64_t ports;       /* bit owner_search_port_bit for each port that it listens on */
	uint64_t *held;
	uint32_t held_count;
	uint32_t kept;  /* descriptor of /proc/PID/fd plus 1; 0: none is kept open */
	uint32_t *tids; /* threads with descriptor tables of their own, see owner_threads.h */
	uint32_t tid_count;
	uint32_t descriptors;                /* when last looked at */
	uint32_t read_count;                 /* descriptors when last read */
	uint32_t listed;                     /* descriptors that the last reading listed */
	struct holder_descriptors now, sent; /* as they are, and as reported last */
	uint32_t count_in;                   /* refresh of the last look; 0: none */
	uint32_t read_in;                    /* refresh of the last reading; 0: never read */
	int32_t error;                       /* errno why it could not be read, or 0 */
	uint8_t rank;                        /* scratch of owner_walk: order in its queue */
	bool present;                        /* it existed when its descriptors were counted */
	bool kernel_thread;
	bool changed;   /* its descriptors are to be read again */
	bool reported;  /* as MESSAGE_PROCESS */
	bool facts_due; /* what was reported of it may be out of date */
	bool stale;     /* something could not be reported: begin with it again */
};

struct holders {
	struct holder **rows; /* by pid, ascending */
	size_t count;
	size_t capacity;
	struct holder **spare; /* of the same capacity, for holders_update */
	uint32_t kept_count;   /* rows whose directory is kept open */
	struct map owned;      /* socket inode to the number of its holds */
	/*
	 * Inodes that lost their last hold: most of these sockets are closed, but one that the next
	 * dump still lists was handed to another process. A bit for each shows fast that an inode
	 * is none of them.
	 */
	struct map adrift;
	uint64_t adrift_bits[HOLDERS_ADRIFT_BITS / 64];
};

static inline uint32_t
hold_inode(uint64_t hold)
{
	return (uint32_t)(hold >> 32);
}

static inline uint32_t
hold_fd(uint64_t hold)
{
	return (uint32_t)hold;
}

void holders_init(struct holders *holders);
void holders_fini(struct holders *holders);

/*
 * Makes the rows those of pids (ascending): adds new ones; hands those that are gone to gone() and
 * then frees them. 0, or -ENOMEM (nothing changed).
 */
int holders_update(struct holders *holders, const uint32_t *pids, size_t count,
	void (*gone)(void *context, struct holder *holder), void *context);

/* Keeps fd, a descriptor of /proc/PID/fd, open for the holder until it is released or discarded. */
void holders_keep(struct holders *holders, struct holder *holder, int fd);
void holders_release_kept(struct holders *holders, struct holder *holder);

/* Forgets all that is known of the process but its pid. */
void holders_reset(struct holders *holders, struct holder *holder);

/* Counts in `owned`. */
void holders_count_hold(struct holders *holders, uint64_t hold);
void holders_count_release(struct holders *holders, uint64_t hold);
bool holders_owned(const struct holders *holders, uint32_t inode);

static inline bool
holders_may_be_adrift(const struct holders *holders, uint32_t inode)
{
	return (holders->adrift_bits[inode % HOLDERS_ADRIFT_BITS / 64] >> inode % 64 & 1) != 0;
}

/* Whether it lost its last hold; then it is forgotten here. */
bool holders_take_adrift(struct holders *holders, uint32_t inode);
void holders_clear_adrift(struct holders *holders);

#endif
