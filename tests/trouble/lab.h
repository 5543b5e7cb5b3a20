/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lab of troubles: the near side is the network namespace that the program was started in,
 * which sockwatch watches; the far side is one of its own; the wire (wire.h) is between them. One
 * process has sockets on both sides. Everything that fails ends the program with a message.
 *
 * Nets of the far side: the good one always works, the bad one is where the trouble is, and nobody
 * answers in the void.
 */
#ifndef SOCKWATCH_TESTS_TROUBLE_LAB_H
#define SOCKWATCH_TESTS_TROUBLE_LAB_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "wire.h"

enum lab_side { LAB_NEAR, LAB_FAR };
enum lab_net {
	LAB_NET_ANY,      /* 0.0.0.0, :: */
	LAB_NET_LOOPBACK, /* 127.0.0.1, ::1 */
	LAB_NET_NEAR,     /* 192.0.2.1, 2001:db8:1::1: ours, whatever the host */
	LAB_NET_BAD,      /* 198.51.100.HOST, 2001:db8:51::HOST */
	LAB_NET_GOOD,     /* 198.18.1.HOST, 2001:db8:18::HOST */
	LAB_NET_VOID,     /* 10.113.0.0 + HOST, 2001:db8:113::HOST */
};

struct lab {
	bool six;
	int namespaces[2];  /* by side */
	enum lab_side side; /* where sockets are made now */
	int tuns[2];
	pid_t wire_pid;
	struct wire_rules *wire;
};

union endpoint {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

void lab_open(struct lab *lab, bool six);
void lab_close(struct lab *lab);
/* Sockets made from now on, and /proc, are those of this side. */
void lab_enter(struct lab *lab, enum lab_side side);
socklen_t lab_address(const struct lab *lab, enum lab_net net, unsigned host, uint16_t port,
	union endpoint *endpoint);

/* Non-blocking sockets of the lab's family. */
int lab_socket(struct lab *lab, enum lab_side side, int type);
int lab_listen(struct lab *lab, enum lab_side side, enum lab_net net, uint16_t port, int backlog);
/* Begins to connect to us from this host of the far side. */
int lab_connect_in(struct lab *lab, enum lab_net net, unsigned host, uint16_t port);
/* Begins to connect from here to the far side. -1 with errno when it fails at once. */
int lab_connect_out(struct lab *lab, enum lab_net net, unsigned host, uint16_t port);
/* Puts a packet on the near interface, as if it had come from the far side. */
void lab_inject(const struct lab *lab, const void *packet, size_t len);

/* A sysctl below /proc/sys/net of the near side. */
void lab_sysctl(struct lab *lab, const char *name, const char *value);

#endif
