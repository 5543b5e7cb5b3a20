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
#include <sockwatch/model/counters.h>
#include <sockwatch/model/process.h>
#include <sockwatch/model/socket.h>
#include <sockwatch/stream/stream.h>

enum { MODEL_NETNS_MAX = 4096, MODEL_NOTICES = 16 };

struct netns_row {
	uint32_t id; /* the stream's number */
	uint64_t inode;
	uint32_t name; /* intern */
	uint32_t pid;
	bool gone;
	int32_t error;
	uint32_t sockets;              /* listed by the last complete dump */
	int32_t dump_error;            /* errno of the last dump, or 0 */
	uint64_t dump_monotonic_ns[2]; /* begin of the current dump; TCP, UDP */
	uint64_t previous_dump_monotonic_ns[2];
	struct counters counters;
};

struct host_facts {
	char host[256];
	char kernel[128];
	char version[64];
	uint64_t boot_ns;
	uint32_t page_size, clock_ticks, uid, rights, collector_pid;
	uint32_t hellos; /* more than one: the collector was started anew */
};

struct model_notice {
	uint64_t time_ns;
	uint8_t severity;
	char text[256];
};

struct model {
	struct socket_table sockets;
	struct process_table processes;
	struct intern *texts;
	struct host_facts host;
	struct netns_row **netns; /* by number of ours, the index that rows carry */
	uint32_t netns_count;
	struct map netns_by_id; /* the stream's number to ours */
	struct map users;       /* uid to intern */
	struct map cgroups;     /* id, hashed, to intern */
	struct map links;       /* netns << 32 | ifindex to intern */
	struct model_notice notices[MODEL_NOTICES];
	uint64_t notice_count; /* ever; the last MODEL_NOTICES are kept */
	uint64_t losses[LOSS_COUNT];
	uint64_t bad_records; /* refused by the parsers */
	uint64_t epoch_ms;    /* CLOCK_REALTIME of the first record: zero of the rows' times */
	uint64_t now_ns;      /* time of the newest record, CLOCK_REALTIME */
	uint32_t sequence;    /* of the current or last snapshot */
	uint32_t complete_sequence; /* of the last snapshot that ended */
	uint64_t snapshot_monotonic_ns, previous_snapshot_monotonic_ns; /* begins */
	uint32_t owners_pending, owners_hidden;
	uint64_t collector_cpu_us;
	uint64_t changes;        /* grows with everything that a view could show; views compare */
	uint64_t socket_changes; /* grows when rows came, went or changed (not when they merely
				    aged) */
	uint64_t opened, closed; /* sockets that appeared, ended, since the start */
	uint32_t linger_ms;      /* how long closed rows stay; 0: not at all */
	uint32_t last_result_request; /* of MESSAGE_RESULT */
	int32_t last_result_error;
	char last_result[256];
	bool ended; /* the stream ended */
	/* parser's state */
	uint32_t dump_netns;
	uint8_t dump_protocols;
	bool dump_full, dump_open;
	uint8_t visit;
};

/* limit: sockets at most; 0: a default that fits memory. NULL: no memory. */
struct model *model_new(uint32_t socket_limit);
void model_free(struct model *model);

/* Takes in one record. Bad ones are counted and change nothing. */
void model_apply(struct model *model, const struct record *record);

/*
 * Ends closed rows whose time is over and moves the clock where no record does (a live stream
 * between records). Call once per pass.
 */
void model_tick(struct model *model, uint64_t now_ns);

/* Milliseconds of the rows' times to now. */
uint32_t model_now_ms(const struct model *model);

/* First owner's process, or NULL. */
const struct process_row *model_socket_process(
	const struct model *model, const struct socket_row *row);

/*
 * Why a socket without owner has none: NULL when it has one; else a short word for the column
 * ("kernel", "time-wait", "orphan", "request", "not accepted", "hidden", "exited", "pending") and,
 * when `long_text` is not NULL, a sentence.
 */
const char *model_socket_ownerless(
	const struct model *model, const struct socket_row *row, const char **long_text);

/* Intern text, NUL-terminated; "" for none. */
const char *model_text(const struct model *model, uint32_t id);
const char *model_user(const struct model *model, uint32_t uid); /* name, or NULL when unknown */
const struct netns_row *model_netns(const struct model *model, uint16_t index);

#endif
