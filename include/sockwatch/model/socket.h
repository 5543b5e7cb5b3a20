/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The known sockets: one row each, kept in blocks so that a row's number (its id) and
 * address stay while it lives. Written by the model alone (src/model/apply*.c); read by analysis
 * and views. Keep ids or keys across passes, not pointers: any record may remove a row.
 *
 * A row is kept small (asserted in socket.c): a million of them must fit.
 */
#ifndef SOCKWATCH_MODEL_SOCKET_H
#define SOCKWATCH_MODEL_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/tcp_info.h>
#include <sockwatch/model/tcp_state.h>

/* Which of its optional facts a row has. */
enum socket_has {
	SOCKET_HAS_MEMORY = 1 << 0,
	SOCKET_HAS_TOS = 1 << 1,
	SOCKET_HAS_MARK = 1 << 2,
	SOCKET_HAS_CGROUP = 1 << 3,
	SOCKET_HAS_SHUTDOWN = 1 << 4,
	SOCKET_HAS_KEEPALIVE = 1 << 5, /* the timer has shown whether keepalive is on */
	SOCKET_HAS_INFO = 1 << 6,      /* tcp_info came, and the upper layer's protocol with it */
	SOCKET_HAS_V6ONLY = 1 << 7,    /* the kernel reports it of listeners and unconnected ones */
};

enum socket_flag {
	SOCKET_KEEPALIVE_ON = 1 << 0,
	SOCKET_V6ONLY = 1 << 1,
	/* A connection request: SYN-RECEIVED without a socket of its own. */
	SOCKET_REQUEST = 1 << 2,
	/* A TIME-WAIT whose connection was counted, opened and closed, by its destroy event. */
	SOCKET_COUNTED = 1 << 3,
	/* It appeared after the first snapshot: its age is exact to a refresh. */
	SOCKET_BIRTH_SEEN = 1 << 4,
	SOCKET_CLOSED = 1 << 5, /* gone; the row stays for some seconds to show how it ended */
	SOCKET_ORPHAN = 1 << 6, /* closed by its process, the kernel finishes it */
	SOCKET_MPTCP = 1 << 7,  /* subflow of an MPTCP connection */
	SOCKET_FREE = 1 << 8,   /* no row */
	/* In CLOSE-WAIT the peer's FIN was alone in the receive queue, and then it was read. */
	SOCKET_END_SEEN = 1 << 9,
};

enum socket_timer { /* idiag_timer */
	SOCKET_TIMER_NONE,
	SOCKET_TIMER_RETRANSMIT,
	SOCKET_TIMER_KEEPALIVE,
	SOCKET_TIMER_TIMEWAIT,
	SOCKET_TIMER_PERSIST,
};

struct socket_row {
	uint64_t cookie;
	struct address local;
	struct address remote;
	uint16_t local_port; /* host order */
	uint16_t remote_port;
	uint32_t ifindex;
	uint32_t inode;
	uint32_t uid;
	uint16_t netns;         /* number of a struct netns_row */
	uint8_t protocol;       /* IPPROTO_TCP, IPPROTO_UDP */
	uint8_t family;         /* AF_INET, AF_INET6 */
	uint8_t state;          /* enum tcp_state */
	uint8_t previous_state; /* before changed_ms, or TCP_STATE_UNKNOWN */
	uint8_t timer;          /* enum socket_timer */
	uint8_t timer_retries;
	uint8_t shutdown; /* 1 receive, 2 send */
	uint8_t tos;
	uint8_t visit;          /* low byte of the full dump that last listed it */
	uint8_t has;            /* enum socket_has */
	uint16_t congestion;    /* intern number, or 0 */
	uint16_t flags;         /* enum socket_flag */
	uint32_t timer_ms;      /* at seen_ms */
	uint32_t receive_queue; /* bytes; LISTEN: connections in the accept queue */
	uint32_t send_queue;    /* bytes; LISTEN: backlog */
	uint32_t mark;
	uint32_t cgroup;         /* intern number of its path, or 0 */
	uint32_t mem_receive;    /* bytes, sk_rmem_alloc */
	uint32_t mem_send;       /* bytes, sk_wmem_queued */
	uint32_t receive_buffer; /* bytes, sk_rcvbuf */
	uint32_t send_buffer;    /* bytes, sk_sndbuf */
	uint32_t drops;
	/* Bytes a second up to the dump of number rate_dump. Ask model_socket_rates: they decay. */
	float send_rate;
	float receive_rate;
	uint32_t rate_dump;
	/* Milliseconds since the model's epoch (model.epoch_ms); they wrap after 49 days. */
	uint32_t first_ms;   /* first seen */
	uint32_t seen_ms;    /* facts are as of then */
	uint32_t changed_ms; /* last change of state */
	union {
		uint32_t closed_ms; /* when SOCKET_CLOSED */
		uint32_t drops_ms;  /* else: when drops were seen to grow last; 0: never */
	};
	uint32_t last_pid; /* its first owner when it was closed, or 0 */
	struct tcp_info_kept tcp;
};

#define SOCKET_NONE UINT32_MAX

enum { SOCKET_BLOCK_ROWS = 1024 };

struct socket_table {
	struct socket_row **blocks;
	size_t block_count;
	uint32_t used;   /* ids ever given: iterate 0 .. used-1, skip SOCKET_FREE */
	uint32_t count;  /* rows alive, closed ones included */
	uint32_t closed; /* those of them that are closed */
	uint32_t limit;  /* rows at most */
	uint64_t refused;
	uint32_t *free_ids;
	size_t free_count, free_capacity;
	uint32_t *index; /* cookie and namespace to id, open addressing */
	size_t index_capacity;
	/* Live rows by protocol (0 TCP, 1 UDP) and state; closed rows are not in it. */
	uint32_t by_state[2][TCP_STATE_COUNT];
};

void socket_table_init(struct socket_table *table, uint32_t limit);
void socket_table_fini(struct socket_table *table);

/* The row of this id, which must be below used. */
static inline struct socket_row *
socket_table_row(const struct socket_table *table, uint32_t id)
{
	return &table->blocks[id / SOCKET_BLOCK_ROWS][id % SOCKET_BLOCK_ROWS];
}

/* SOCKET_NONE when unknown. Closed rows are found too. */
uint32_t socket_table_find(const struct socket_table *table, uint16_t netns, uint64_t cookie);
/* A new zeroed row; SOCKET_NONE when the limit or memory is reached (counted in refused). */
uint32_t socket_table_add(struct socket_table *table, uint16_t netns, uint64_t cookie);
void socket_table_remove(struct socket_table *table, uint32_t id);
/*
 * These keep the counts by state right: call them for every change of row->state or of
 * SOCKET_CLOSED. The row's protocol must be set.
 */
void socket_table_set_state(
	struct socket_table *table, struct socket_row *row, enum tcp_state state);
void socket_table_set_closed(struct socket_table *table, struct socket_row *row);
/* Undoes socket_table_set_closed: the socket still exists. */
void socket_table_set_open(struct socket_table *table, struct socket_row *row);

/* Brings the index slot of a key into the cache; call it some lookups ahead. */
void socket_table_prefetch(const struct socket_table *table, uint16_t netns, uint64_t cookie);

/* It appeared after the first snapshot: first_ms is its beginning, or that of its TIME-WAIT. */
static inline bool
socket_birth_is_seen(const struct socket_row *row)
{
	return (row->flags & (SOCKET_BIRTH_SEEN | SOCKET_COUNTED)) != 0;
}

/* "ESTABLISHED"; for UDP "UNCONN" (no peer) or "ESTABLISHED" as ss says. */
const char *socket_state_name(const struct socket_row *row);

#endif
