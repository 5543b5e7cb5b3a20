/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the box, built record by record from the stream. The model's clock is the
 * stream's clock: a replay behaves as it did live. Nothing here asks the kernel anything.
 */
#ifndef SOCKWATCH_MODEL_MODEL_H
#define SOCKWATCH_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/intern.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/process.h>
#include <sockwatch/model/socket.h>
#include <sockwatch/stream/losses.h>

struct caller_row;
struct conversation;
struct counter_names;
struct message_name;
struct model_private;
struct netns_row;
struct path_table;
struct record;
struct wire;
struct wire_options;

enum {
	MODEL_NOTICES = 16,
	MODEL_RESULTS = 256,
	MODEL_HOST_NAMES_MAX = 65536,
};

struct host_facts {
	char host[256];
	char kernel[128];
	char version[64];
	char boot_id[64];     /* "": not known */
	char machine_id[64];  /* "": not known */
	int32_t utc_offset_s; /* of local time on the host; of older streams 0 */
	uint64_t needs; /* enum need: what the collector said that it collects; 0: nothing yet */
	uint32_t interval_ms; /* between its refreshes; 0: not known */
	uint64_t boot_ns;
	uint32_t page_size, clock_ticks, uid, rights, collector_pid;
	uint32_t hellos; /* more than one: the collector was started again; key frames do not count
			  */
};

/* Segments. */
struct capture_sums {
	uint64_t received, dropped;
	uint64_t cut; /* of those received, their payload was cut off by the collector, not by the
			 kernel */
};

/* The captures of all namespaces together. */
struct model_capture {
	bool running;
	struct capture_sums sums;
	char text[256]; /* why one does not run, clean; "": all do */
};

/* The tracing that reports callers. */
struct model_trace {
	bool running;
	uint64_t reported; /* callers since it started */
	char text[256];    /* why it does not run though it was subscribed to, clean; or "" */
};

/* The answer to a request. */
struct model_result {
	uint32_t request;
	int32_t error; /* errno, or 0 */
};

struct model_notice {
	uint64_t time_ns;
	uint8_t severity;
	char text[256];
};

struct model {
	struct socket_table sockets;
	struct process_table processes;
	struct path_table *paths; /* the probed ones */
	struct wire *wire;        /* conversations and events */
	struct model_capture capture;
	struct model_trace trace;
	uint64_t closings;        /* the kernel's destroy events of connections */
	uint64_t closed_unlisted; /* those of sockets that no dump had listed */
	struct intern *texts;
	uint32_t text_generation; /* grows when the texts are renumbered */
	struct host_facts host;
	struct netns_row **netns; /* by our number, the index in rows */
	uint32_t netns_count;
	struct counter_names *counter_names;
	struct map links; /* netns << 32 | ifindex to intern */
	struct model_notice notices[MODEL_NOTICES];
	uint64_t notice_count; /* all so far; the last MODEL_NOTICES are kept */
	uint64_t losses[LOSS_COUNT];
	uint64_t bad_records; /* refused by the parsers */
	uint64_t epoch_ms;    /* of the first record: zero of the rows' times */
	uint64_t now_ns;      /* time of the newest record, without steps: see model_wall_ns */
	uint32_t complete_sequence;     /* of the last snapshot that ended; counted here, from 1 */
	uint64_t snapshot_monotonic_ns; /* when the current or last snapshot began */
	uint32_t owners_pending, owners_hidden;
	uint32_t proc_limits; /* enum proc_limit: which processes /proc leaves out */
	uint64_t collector_cpu_us;
	uint64_t changes;             /* grows with every change that a view could show */
	uint64_t socket_changes;      /* grows when rows come, go or change, not when they age */
	uint64_t path_changes;        /* grows with every record about a probed path */
	uint64_t opened, closed;      /* sockets seen to appear, to end, since the start */
	uint32_t linger_ms;           /* how long closed rows stay; 0: not at all */
	uint32_t last_result_request; /* of MESSAGE_RESULT */
	int32_t last_result_error;
	char last_result[256];
	char last_refusal[256]; /* of the newest result with an error */
	struct model_result
		results[MODEL_RESULTS]; /* the newest: number n is at n % MODEL_RESULTS */
	uint64_t result_count;          /* all so far */
	bool ended;                     /* the stream ended */
	struct model_private *own;      /* what only the model's own files need */
};

/* limit: sockets at most; 0: a default that fits memory. linger_ms begins as 0. NULL: no memory. */
struct model *model_new(uint32_t socket_limit);
/* The same with these bounds of the wire; NULL: its own. */
struct model *model_new_wired(uint32_t socket_limit, const struct wire_options *wire);
/*
 * An empty one for another time of the same box. Its numbers of changes go on from this one's, so
 * that nothing that was made of this one is taken for its own. NULL: no memory.
 */
struct model *model_new_after(const struct model *model);
void model_free(struct model *model);

/* Takes in one record. Bad ones are counted and change nothing. */
void model_apply(struct model *model, const struct record *record);
/* The same for several: many packets cost less together. */
void model_apply_some(struct model *model, const struct record *records, size_t count);

/*
 * Removes closed rows whose time is over, and moves the clock on while no record comes (a live
 * stream). Call once per pass.
 */
void model_tick(struct model *model, uint64_t now_ns);
/*
 * The same for a live stream: the clock goes on from the newest record by CLOCK_MONOTONIC, which is
 * monotonic_ns now.
 */
void model_tick_live(struct model *model, uint64_t monotonic_ns);
/*
 * What the wall clock of the collector showed at a time of the model, for showing it. Times of the
 * model differ from it by the steps of that clock since the stream began. model may be NULL: as it
 * is.
 */
uint64_t model_wall_ns(const struct model *model, uint64_t steady_ns);

/* The name of a link, not clean; empty: it is not known. netns: our number of the namespace. */
struct text model_link_name(const struct model *model, uint16_t netns, uint32_t ifindex);

/* Now, on the clock of the rows. */
uint32_t model_now_ms(const struct model *model);

/*
 * Bytes a second over the last refresh of the row's namespace. false: unknown (seen in one refresh
 * only, or the kernel does not count). A row that the collector did not report is at 0.
 */
bool model_socket_rates(
	const struct model *model, const struct socket_row *row, double *send, double *receive);

/* The process of the first owner, or NULL; of a closed row, the one that it had. */
const struct process_row *model_socket_process(
	const struct model *model, const struct socket_row *row);

/*
 * Why a socket without owner has none: NULL when it has one; else a short word for the column
 * ("kernel", "time-wait", "orphan", "request", "not accepted", "hidden", "exited", "not seen",
 * "pending", "aborted") and, when `long_text` is not NULL, a sentence or several, which live until
 * the next snapshot. "kernel" is said only where there is no descriptor that a process could hold.
 */
const char *model_socket_ownerless(
	const struct model *model, const struct socket_row *row, const char **long_text);

/* Why processes that hold sockets may not be seen: sentences, which live until the next snapshot.
 */
const char *model_hidden_reasons(const struct model *model);

/*
 * The process that listens on the local port of a closed connection whose own process was not seen,
 * or NULL. Which process accepted it, if any, is not known.
 */
const struct process_row *model_socket_listener(
	const struct model *model, const struct socket_row *row);

/*
 * The process that opened or closed the connection of a closed row that has no process, as the
 * kernel reported it, or NULL. Lives until the next record.
 */
const struct caller_row *model_socket_caller(
	const struct model *model, const struct socket_row *row);

/* What the wire showed of a TCP socket's connection, or NULL. Lives until the next record. */
const struct conversation *model_socket_conversation(
	const struct model *model, const struct socket_row *row);
/* The row of a conversation's local end, or SOCKET_NONE; if both are local, the last joined. */
uint32_t model_conversation_socket(
	const struct model *model, const struct conversation *conversation);
/* The row of that side, or SOCKET_NONE. */
uint32_t model_conversation_end(
	const struct model *model, const struct conversation *conversation, uint8_t side);
/*
 * The owner: the process that holds or held its socket, or opened or closed it; if there is none,
 * the one that listens on its port. false: not known. *comm is as it came.
 */
bool model_conversation_owner(const struct model *model, const struct conversation *conversation,
	uint32_t *pid, const char **comm);
/* The same of one end: where both ends are here, each has its own. */
bool model_conversation_owner_at(const struct model *model, const struct conversation *conversation,
	uint8_t side, uint32_t *pid, const char **comm);
/* That owner only listens on its port: which process accepted it, if any, was not seen. */
bool model_conversation_listens_at(
	const struct model *model, const struct conversation *conversation, uint8_t side);
/*
 * Why a connection of this box that is over has no known owner: "not seen", or
 * what model_socket_ownerless says of its row; and a sentence when `long_text` is not NULL. NULL:
 * it has one, or that is not known (yet).
 */
const char *model_conversation_ownerless(
	const struct model *model, const struct conversation *conversation, const char **long_text);

/* Intern text, NUL-terminated; "" for none. */
const char *model_text(const struct model *model, uint32_t id);
/* The name of an address, not clean; NULL: none was found. */
const char *model_host_name(const struct model *model, const struct address *address);
/* Takes a name as from a MESSAGE_NAME: for a resolver of the viewer. */
void model_take_name(struct model *model, const struct message_name *name);
/* The name of a process that has ended lately, or NULL. Lives until the next record. */
const char *model_ended_process(const struct model *model, uint32_t pid);
const char *model_user(const struct model *model, uint32_t uid); /* name, or NULL when unknown */
const struct netns_row *model_netns(const struct model *model, uint16_t index);
/* The stream began in the middle: of some namespace's table only what changed since is known. */
bool model_is_partial(const struct model *model);
/* By the stream's number; NULL when the stream has not named it. */
const struct netns_row *model_netns_of_stream(const struct model *model, uint32_t id);

#endif
