/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One dump request and its answer, in slices: read as the kernel writes it, compared with what was
 * sent before, passed on where it differs. Nothing here blocks; when the stream is full, the kernel
 * waits with the rest of the table.
 */
#ifndef SOCKWATCH_COLLECTOR_NETLINK_DUMP_H
#define SOCKWATCH_COLLECTOR_NETLINK_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/stream/stream.h>

#include "collector/proc/proc.h"
#include "diag_scan.h"
#include "digest.h"
#include "dump_request.h"

/* More than the kernel ever puts in one datagram; larger buffers gain nothing. */
enum { DUMP_BUFFER = 32768 };

/* With more bytes than these waiting in the stream, nothing more is read. */
enum { DUMP_PENDING_MAX = 256 * 1024 };

/* Where the answer goes. */
struct dump_sink {
	struct stream_writer *writer;
	struct proc *proc;
	uint64_t *losses; /* LOSS_COUNT of them */
	uint8_t *buffer;  /* DUMP_BUFFER bytes, 8-aligned */
};

/* Queues by inode, for MESSAGE_MPTCP. */
struct dump_queues {
	size_t count;
	uint64_t receive[MESSAGE_ARRAY_MAX], send[MESSAGE_ARRAY_MAX];
};

struct dump {
	int fd; /* NETLINK_SOCK_DIAG, of the namespace; not owned */
	uint32_t netns;
	uint32_t sequence;
	uint64_t needs;             /* enum need: what proc learns of each socket */
	struct digest_table *known; /* NULL: everything is sent */
	uint64_t filled_ns;         /* CLOCK_REALTIME when the kernel wrote what is read next */
	uint64_t filled_ms;         /* the same, CLOCK_MONOTONIC */
	uint32_t listed, sent;      /* sockets */
	uint32_t connections;       /* of those listed: neither listening nor unconnected */
	bool is_quiet;              /* only count, send nothing */
	struct dump_queues *queues; /* not NULL: only their queues are wanted */
	bool interrupted;           /* something is missing in the answer */
	int error;                  /* errno of a dump that failed, or 0 */
};

enum dump_status {
	DUMP_MORE,    /* the time is over */
	DUMP_BLOCKED, /* the stream takes no more for now */
	DUMP_WAIT,    /* the kernel has not answered yet: wait until fd is readable */
	DUMP_DONE,
};

/* Sends the request; its sequence must be dump->sequence. The counts go on from the request before.
 * 0 or negative errno. */
int dump_send(struct dump *dump, const struct dump_request *request);

/* until_ns: CLOCK_MONOTONIC. */
enum dump_status dump_step(struct dump *dump, const struct dump_sink *sink, uint64_t until_ns);

#endif
