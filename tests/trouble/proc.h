/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc says of the near side: how the programs know that their trouble stands. */
#ifndef SOCKWATCH_TESTS_TROUBLE_PROC_H
#define SOCKWATCH_TESTS_TROUBLE_PROC_H

#include "lab.h"

/* What is 0 is not asked for. */
struct proc_filter {
	int state; /* TCP_LISTEN … of netinet/tcp.h */
	uint16_t local_port, remote_port;
	unsigned retransmits_min;
	unsigned recv_queue_min;
};

/* Sockets of the lab's family in /proc/net/tcp or tcp6. */
unsigned proc_count(struct lab *lab, const struct proc_filter *filter);
/* proc_count of a state and a local port. */
unsigned proc_state(struct lab *lab, int state, uint16_t local_port);
/* TcpExt.ListenDrops and so on: "TcpExt" and "ListenDrops", of /proc/net/netstat or snmp. */
uint64_t proc_counter(struct lab *lab, const char *group, const char *name);
/* Open descriptors of a process. */
unsigned proc_descriptors(pid_t pid);
/* The first number in a file; 0 when it cannot be read. */
uint64_t proc_number(const char *path);

#endif
