/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/net/stat/nf_conntrack: a line of names, then a line for each CPU. With hundreds of CPUs it
 * is longer than a message, so their sum is passed on, in the two lines of /proc/net/netstat.
 */
#ifndef SOCKWATCH_COLLECTOR_PROC_PROC_CONNTRACK_H
#define SOCKWATCH_COLLECTOR_PROC_PROC_CONNTRACK_H

#include <stddef.h>

#include <sockwatch/base/text.h>

enum { PROC_CONNTRACK_COLUMNS = 32 };

/* Add up the text, in any pieces; begin with {0}. */
struct proc_conntrack {
	char names[512]; /* as the kernel has them; "" before their line ended */
	unsigned long long sums[PROC_CONNTRACK_COLUMNS];
	size_t columns;
	size_t lines;   /* of CPUs */
	char line[512]; /* the beginning of the next line */
	size_t len;
};

void proc_conntrack_add(struct proc_conntrack *sum, struct text piece);
/* "Conntrack: entries … \nConntrack: 12 … \n"; the length, 0 when no CPU had a line. */
size_t proc_conntrack_format(const struct proc_conntrack *sum, char *out, size_t size);

/* Reads the whole file from its beginning and does both. */
size_t proc_conntrack_read(int fd, char *out, size_t size);

#endif
