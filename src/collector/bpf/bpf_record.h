/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What callers.bpf.c, which runs in the kernel, hands to bpf_trace.c. */
#ifndef SOCKWATCH_COLLECTOR_BPF_BPF_RECORD_H
#define SOCKWATCH_COLLECTOR_BPF_BPF_RECORD_H

/* Plain types only: the two sides have no header in common. */
struct caller_record {
	unsigned int netns; /* inode */
	unsigned int pid;   /* in the collector's PID namespace */
	unsigned char local[16];
	unsigned char remote[16]; /* IPv4 as ::ffff:a.b.c.d */
	unsigned short local_port;
	unsigned short remote_port; /* host order */
	char comm[16];
};

/* The program's variables, read and written from both sides. */
struct caller_variables {
	unsigned long long lost; /* records that found no room */
	unsigned int
		only_netns; /* inode of the only network namespace that is looked at, or 0: all */
};

#endif
