/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the collector may do. A missing right is shown to the user by the capability's name. */
#ifndef SOCKWATCH_STREAM_RIGHTS_H
#define SOCKWATCH_STREAM_RIGHTS_H

enum right {
	RIGHT_NET_ADMIN = 1 << 0,
	RIGHT_NET_RAW = 1 << 1,
	RIGHT_SYS_PTRACE = 1 << 2,
	RIGHT_DAC_READ_SEARCH = 1 << 3,
	RIGHT_SYS_ADMIN = 1 << 4,
	RIGHT_KILL = 1 << 5,
	RIGHT_BPF = 1 << 6,     /* only while a program is loaded */
	RIGHT_PERFMON = 1 << 7, /* with it */
	/* Those by which something can be changed: sockets closed, processes signalled. */
	RIGHTS_OF_CHANGES = RIGHT_NET_ADMIN | RIGHT_KILL,
};

/* Why /proc does not show every process that may hold a socket. */
enum proc_limit {
	PROC_LIMIT_NAMESPACE = 1 << 0, /* it is not that of the initial PID namespace */
	PROC_LIMIT_HIDEPID = 1 << 1,   /* mounted with hidepid, which applies to us */
	PROC_LIMIT_MISSING = 1 << 2,   /* there is none */
};

#endif
