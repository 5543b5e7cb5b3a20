/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the model makes and feeds the wire (sockwatch/model/wire.h), and lets its time go by.
 */
#ifndef SOCKWATCH_MODEL_WIRE_WIRE_INPUT_H
#define SOCKWATCH_MODEL_WIRE_WIRE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/model/tcp_state.h>
#include <sockwatch/model/wire.h>

struct record;
struct segment;

/* NULL: no memory. */
struct wire *wire_new(const struct wire_options *options);
void wire_free(struct wire *wire);

/* Decodes RECORD_PACKETs in order of capture, counts them, and passes them on. */
void wire_packets(struct wire *wire, const struct record *records, size_t count);
/* A decoded segment, in order of capture. Duplicates (the same one seen on a second interface) are
 * counted and dropped. */
void wire_segment(struct wire *wire, const struct segment *segment);
/* Ends handshakes that never completed, forgets what ended long ago. Once per pass. */
void wire_tick(struct wire *wire, uint64_t now_ns);

/*
 * What the socket table knows of a connection: joins it, and moves the state on where the wire did
 * not show it. Ignored when no such conversation was seen.
 */
struct wire_socket {
	struct address local, remote;
	uint16_t local_port, remote_port;
	uint32_t netns;   /* the stream's number */
	uint32_t ifindex; /* that it is bound to, or 0 */
	uint32_t socket;  /* row */
	uint64_t cookie;
	uint64_t seen_ns; /* as of then */
	uint64_t born_ns; /* when the row was first seen, or 0 */
	enum tcp_state state;
	uint32_t pid;     /* owner, or 0 */
	const char *comm; /* or NULL */
	bool destroyed;   /* by the kernel: the conversation is over, however it ended */
};
void wire_note_socket(struct wire *wire, const struct wire_socket *socket);

#endif
