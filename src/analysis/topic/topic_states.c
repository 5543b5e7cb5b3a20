/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The states of TCP (RFC 9293, section 3.3.2) in words; how long they last is Linux's. */
#include <config.h>

#include "topic_tables.h"

/* clang-format off */
const struct topic_row topic_states[] = {
	{"LISTEN", "a program waits for connections",
		"one for each port that this box serves, for as long as its program runs",
		"an unknown one is a service that nobody asked for, or a trojan; when RECV-Q reaches SEND-Q the program accepts too slowly, and connections are dropped"},
	{"SYN-SENT", "we connect: the SYN is out, no answer yet",
		"for the milliseconds of the way to the peer and back",
		"the target is down, far, or behind a firewall that drops; many targets of one program are a scan, or a worm"},
	{"SYN-RECEIVED", "a peer connects: our SYN-ACK is out, its ACK has not come",
		"for the milliseconds of the way to the peer and back",
		"a SYN flood, or clients whose ACK gets lost; when they fill the backlog the kernel answers by SYN cookies, or drops"},
	{"ESTABLISHED", "open: data may flow both ways",
		"the working state, for as long as both programs want",
		"silent ones without keepalive may have lost their peer (crashed, unplugged, forgotten by a NAT) and never notice; one peer with several silent ones has reconnected without closing"},
	{"FIN-WAIT-1", "our program has closed; our FIN is not acknowledged yet",
		"for milliseconds, or until the data before the FIN is sent",
		"peers vanished before they acknowledged the FIN; once the program has closed, the kernel repeats it for about 107 seconds, then gives up"},
	{"FIN-WAIT-2", "our FIN is acknowledged; the peer has not closed its side yet",
		"until the peer closes; after our program has closed for tcp_fin_timeout (60 seconds) at most",
		"the peers do not close: over there they are in CLOSE-WAIT"},
	{"CLOSE-WAIT", "the peer has closed, our program has not: it has to call close",
		"for milliseconds, until the program has read the end and closes",
		"the program leaks sockets: it does not close after read returned 0; no sysctl ends them, only the program does"},
	{"CLOSING", "both closed at the same time; the ACK of our FIN is missing",
		"rare, and for milliseconds",
		"last ACKs get lost: the path is down, or the peers are gone"},
	{"LAST-ACK", "both have closed, the peer first; the ACK of our FIN is missing",
		"for milliseconds",
		"the peers vanished before their last ACK, as when a load generator is stopped"},
	{"TIME-WAIT", "over; the side that closed first waits for a minute, so that late segments hit no new connection",
		"60 seconds on Linux, whatever tcp_fin_timeout says; thousands are normal on the side that closes first",
		"no harm to a server; a client that opens many short connections to one address and port runs out of local ports: connect fails with EADDRNOTAVAIL (99)"},
	{"CLOSED", "not connected: bound alone, or aborted and not yet closed by its program",
		"for moments, between socket and connect, or after a reset",
		"a program binds and does not listen, or does not close sockets that were reset"},
	{"UNCONN", "a UDP socket without a peer",
		"every server that speaks UDP, and clients that talk to several peers",
		"growth without an end is a leak of sockets; a full RECV-Q loses datagrams"},
};
/* clang-format on */
const size_t topic_state_count = sizeof topic_states / sizeof topic_states[0];
