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
	/* Records that found no room. A word of 8 bytes lies anywhere on i386, in the kernel not.
	 */
	unsigned long long lost __attribute__((aligned(8)));
	unsigned int
		only_netns; /* inode of the only network namespace that is looked at, or 0: all */
	unsigned int is_reader_asleep; /* the next record wakes it, and clears this */
};

#endif
