/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a view needs fetched. Fields, filter, order, rules and panes add up to a set of these. */
#ifndef SOCKWATCH_STREAM_NEEDS_H
#define SOCKWATCH_STREAM_NEEDS_H

enum need {
	NEED_SOCKETS = 1 << 0,    /* the dump itself: addresses, state, queues, timer, uid */
	NEED_TCP_INFO = 1 << 1,   /* INET_DIAG_INFO */
	NEED_MEMORY = 1 << 2,     /* INET_DIAG_SKMEMINFO */
	NEED_CONGESTION = 1 << 3, /* INET_DIAG_CONG */
	NEED_OWNERS = 1 << 4,     /* which process holds the socket */
	NEED_CMDLINE = 1 << 5,    /* /proc/PID/cmdline */
	NEED_CGROUPS = 1 << 6,    /* /proc/PID/cgroup, paths of socket cgroups */
	NEED_USERS = 1 << 7,      /* names of uids */
	NEED_LINKS = 1 << 8,      /* names of interfaces */
	NEED_COUNTERS = 1 << 9,   /* /proc/net/{sockstat,snmp,netstat} and those of IPv6 */
	NEED_INTERNALS = 1 << 10, /* BBR and other congestion control internals, type of service */
	NEED_PACKETS = 1 << 11,   /* TCP control segments: SYN, FIN, RST */
	/* Sockets that live between two dumps: the kernel's destroy events with the final tcp_info,
	 * and the callers of connections where the kernel allows that. */
	NEED_CLOSINGS = 1 << 12,
	NEED_SNMP6 = 1 << 14,   /* with the counters: all of /proc/net/snmp6, not only UDP */
	NEED_NAMES = 1 << 13,   /* names of hosts: the viewer's own resolver brings them */
	NEED_SYSCTLS = 1 << 15, /* the kernel's settings: see sysctl.h */
	/* Limits on the memory of sockets in cgroups, and how near they are; with NEED_OWNERS. */
	NEED_CGROUP_MEMORY = 1 << 16,
	NEED_SYSCTL_FILES = 1 << 17, /* what sysctl.d(5) sets at boot */
	NEED_TWO_LOOKS = 1 << 30,    /* rates between two looks: the viewer takes a second one */
	/* Of the box beside its sockets. */
	NEED_SYSTEM = NEED_SYSCTLS | NEED_CGROUP_MEMORY | NEED_SYSCTL_FILES,
	/* What costs nothing to speak of: not packets, not closings. */
	NEED_ALL = ((1 << 11) - 1) | NEED_SYSTEM,
};

#endif
