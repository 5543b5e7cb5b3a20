/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The counters that are worth knowing, in groups, with their meaning in words. The kernel's names:
 * nstat joins group and member without the dot. Sources: snmp_counter.rst and ip-sysctl.rst of the
 * kernel's documentation, RFC 4022 (Tcp), RFC 4113 (Udp).
 */
#ifndef SOCKWATCH_ANALYSIS_COUNTER_COUNTER_TABLE_H
#define SOCKWATCH_ANALYSIS_COUNTER_COUNTER_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct counter_row {
	const char *title;  /* of the group that begins here; NULL: it goes on */
	const char *name;   /* "TcpExt.ListenDrops" */
	bool is_of_machine; /* the same in every network namespace */
	/* Each begins small and has no full stop. */
	const char *words;  /* what it counts */
	const char *normal; /* when it is as it should be */
	const char *many;   /* what many of it, or a high rate, mean */
};

extern const struct counter_row counter_rows[];
extern const size_t counter_row_count;

/* The row of this name, or NULL: those not listed are seldom needed. */
const struct counter_row *counter_row_find(const char *name);
/* The title of its group. */
const char *counter_row_title(const struct counter_row *row);

#endif
