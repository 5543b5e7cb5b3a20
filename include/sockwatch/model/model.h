/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known of the box, built record by record from the stream. The model's clock is the
 * stream's clock: a replay behaves as it did live. Nothing here asks the kernel anything.
 */
#ifndef SOCKWATCH_MODEL_MODEL_H
#define SOCKWATCH_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <sockwatch/base/intern.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/process.h>
#include <sockwatch/model/socket.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/stream.h>

struct caller_row;
struct conversation;
struct model_private;
struct netns_row;
struct path_table;
struct wire;
struct wire_options;

enum {
	MODEL_NOTICES = 16,
	MODEL_HOST_NAMES_MAX = 65536,
};

struct host_facts {
	char host[256];
	char kernel[128];
	char version[64];
	uint64_t boot_ns;
	uint32_t page_size, clock_ticks, uid, rights, collector_pid;
	uint32_t hellos; /* more than one: the collector was started anew */
};

/* How the captures stand, of all namespaces together. */
struct model_capture {
	bool running;
	uint64_t received, dropped; /* segments */
	char text[256];             /* why one does not run, clean; "": all do */
};

/* The source of callers. */
struct model_trace {
	bool running;
	uint64_t reported; /* callers since it started */
	char text[256];    /* why it does not run though somebody wants it, clean; else "" */
};

struct model_notice {
	uint64_t time_ns;
	uint8_t severity;
	char text[256];
};

struct model {
	struct socket_table sockets;
	struct process_table processes;
	struct path_table *paths; /* that are probed */
	struct wire *wire;        /* conversations and events */
	struct model_capture capture;
	struct model_trace trace;
	uint64_t closings;        /* the kernel's destroy events of connections */
	uint64_t closed_unlisted; /* how many of them were of sockets that no dump had listed */
	struct intern *texts;
	uint32_t text_generation; /* when it grows the texts were renumbered */
	struct host_facts host;
	struct netns_row **netns; /* by number of ours, the index that rows carry */
	uint32_t netns_count;
	struct map links; /* netns << 32 | ifindex to intern */
	struct model_notice notices[MODEL_NOTICES];
	uint64_t notice_count; /* ever; the last MODEL_NOTICES are kept */
	uint64_t losses[LOSS_COUNT];
	uint64_t bad_records; /* refused by the parsers */
	uint64_t epoch_ms;    /* CLOCK_REALTIME of the first record: zero of the rows' times */
	uint64_t now_ns;      /* time of the newest record, CLOCK_REALTIME */
	uint32_t complete_sequence;     /* of the last snapshot that ended; counted here, from 1 */
	uint64_t snapshot_monotonic_ns; /* when the current or last snapshot began */
	uint32_t owners_pending, owners_hidden;
	uint64_t collector_cpu_us;
	uint64_t changes;        /* grows with everything that a view could show; views compare */
	uint64_t socket_changes; /* grows when rows came, went or changed, not when they aged */
	uint64_t path_changes;   /* grows with every record about a probed path */
	uint64_t opened, closed; /* sockets seen to appear, to end, since the start */
	uint32_t linger_ms;      /* how long closed rows stay; 0: not at all */
	uint32_t last_result_request; /* of MESSAGE_RESULT */
	int32_t last_result_error;
	char last_result[256];
	bool ended;                /* the stream ended */
	struct model_private *own; /* what only the model's own files need */
};

/* limit: sockets at most; 0: a default that fits memory. linger_ms begins as 0. NULL: no memory. */
struct model *model_new(uint32_t socket_limit);
void model_free(struct model *model);
/* The wire with these bounds, in place of one that has seen nothing yet. 0, -ENOMEM. */
int model_set_wire(struct model *model, const struct wire_options *options);

/* Takes in one record. Bad ones are counted and change nothing. */
void model_apply(struct model *model, const struct record *record);
/* The same for some of them: many packets cost less together. */
void model_apply_some(struct model *model, const struct record *records, size_t count);

/*
 * Ends closed rows whose time is over and moves the clock where no record does (a live stream
 * between records). Call once per pass.
 */
void model_tick(struct model *model, uint64_t now_ns);

/* Milliseconds of the rows' times to now. */
uint32_t model_now_ms(const struct model *model);

/*
 * Bytes a second over the last refresh of the row's namespace. false: unknown (seen in one refresh
 * only, or the kernel does not count). A row that the collector had nothing to tell of stands at 0.
 */
bool model_socket_rates(
	const struct model *model, const struct socket_row *row, double *send, double *receive);

/* First owner's process, or NULL. Of a closed row: the one that it had. */
const struct process_row *model_socket_process(
	const struct model *model, const struct socket_row *row);

/*
 * Why a socket without owner has none: NULL when it has one; else a short word for the column
 * ("kernel", "time-wait", "orphan", "request", "not accepted", "hidden", "exited", "pending",
 * "aborted") and, when `long_text` is not NULL, a sentence. Of a connection that ended before
 * anybody looked it is "exited before it was seen".
 */
const char *model_socket_ownerless(
	const struct model *model, const struct socket_row *row, const char **long_text);

/*
 * Who opened or closed the connection of a closed row that has no process, as the kernel told it,
 * or NULL. Lives until the next record.
 */
const struct caller_row *model_socket_caller(
	const struct model *model, const struct socket_row *row);

/* What the wire showed of a TCP socket's connection, or NULL. Lives until the next record. */
const struct conversation *model_socket_conversation(
	const struct model *model, const struct socket_row *row);
/* The row of a conversation's local end, or SOCKET_NONE; of two the one that was joined last. */
uint32_t model_conversation_socket(
	const struct model *model, const struct conversation *conversation);
/* The row of that side's end of it, or SOCKET_NONE. */
uint32_t model_conversation_end(
	const struct model *model, const struct conversation *conversation, uint8_t side);
/*
 * Whose it is: the process that holds or held its socket or opened or closed it, else the one that
 * listens on its port. false: not known. *comm as it came.
 */
bool model_conversation_owner(const struct model *model, const struct conversation *conversation,
	uint32_t *pid, const char **comm);
/* That is who listens on its port, no more: who accepted it, if anybody did, was not seen. */
bool model_conversation_listens(const struct model *model, const struct conversation *conversation);
/*
 * Why a connection of this box that is over has no known owner: "exited before it was seen", or
 * what model_socket_ownerless says of its row; and a sentence when `long_text` is not NULL. NULL:
 * it has one, or that cannot be told (yet).
 */
const char *model_conversation_ownerless(
	const struct model *model, const struct conversation *conversation, const char **long_text);

/* Intern text, NUL-terminated; "" for none. */
const char *model_text(const struct model *model, uint32_t id);
/* Name of an address that was found, not clean; NULL: none. */
const char *model_host_name(const struct model *model, const struct address *address);
/* The same as a MESSAGE_NAME in the stream: for a resolver on our side of it. */
void model_take_name(struct model *model, const struct message_name *name);
/* How a process was called that has ended lately, or NULL. Lives until the next record. */
const char *model_ended_process(const struct model *model, uint32_t pid);
const char *model_user(const struct model *model, uint32_t uid); /* name, or NULL when unknown */
const struct netns_row *model_netns(const struct model *model, uint16_t index);
/* By the stream's number; NULL when the stream has not named it. */
const struct netns_row *model_netns_of_stream(const struct model *model, uint32_t id);

#endif
