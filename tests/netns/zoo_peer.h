/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The peer of the state zoo: a scripted TCP in user space behind a TUN device. It answers the
 * kernel's segments by the case that the peer's port names, so the kernel's sockets stop in
 * the state that the case wants and stay there. Nothing leaves the network namespace.
 */
#ifndef SOCKWATCH_TESTS_NETNS_ZOO_PEER_H
#define SOCKWATCH_TESTS_NETNS_ZOO_PEER_H

#include <stdbool.h>
#include <stdint.h>

/* Port of the peer for case i is PEER_PORT + i; the kernel's listeners are at LISTEN_PORT (accepts)
 * and +1 (does not). */
enum { PEER_PORT = 2000, LISTEN_PORT = 3000 };

#define PEER_NET4 "10.99.0."
#define PEER_NET6 "fd99::"

enum peer_answer { PEER_ANSWER_NOTHING, PEER_ANSWER_SYN, PEER_ANSWER_SYN_ACK };
enum peer_fin { PEER_FIN_NEVER, PEER_FIN_AT_ONCE, PEER_FIN_AFTER_OURS, PEER_FIN_CROSSING };

struct peer_script {
	enum peer_answer answer; /* to the kernel's SYN */
	enum peer_fin fin;
	bool ignore_data; /* never acknowledges data */
	bool ignore_fin;  /* never acknowledges the kernel's FIN */
	bool zero_window;
	bool repeat_fin;          /* keeps a TIME-WAIT alive */
	uint16_t sends;           /* bytes of data after the handshake */
	uint16_t unanswered_syns; /* port of the kernel to send a SYN to, or 0 */
	bool completes;           /* of an unanswered SYN: acknowledges the SYN-ACK */
};

struct peer_connection {
	bool used, established, saw_fin, sent_fin, saw_data;
	bool v6;
	uint16_t kernel_port, peer_port; /* host order */
	uint32_t send_next, receive_next;
	const struct peer_script *script;
};

struct peer {
	int tun;
	struct peer_connection *connections;
	unsigned capacity;
};

/* Makes the TUN device, brings it up with our addresses. 0 or -1 with a message printed. */
int peer_open(struct peer *peer, unsigned capacity);
/* The script for a port of the peer; given by the zoo. */
const struct peer_script *zoo_script(uint16_t peer_port);
/* Sends a SYN from the peer's port to the kernel's. */
void peer_syn(struct peer *peer, bool v6, uint16_t peer_port, uint16_t kernel_port);
/* Handles what comes within the time. */
void peer_pump(struct peer *peer, int milliseconds);
/* Repeats the FIN of every connection whose script asks for it. */
void peer_repeat_fins(struct peer *peer);
struct peer_connection *peer_find(
	struct peer *peer, bool v6, uint16_t kernel_port, uint16_t peer_port);

#endif
