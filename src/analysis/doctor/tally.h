/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counts by key: one record for each listener, process, destination that a sweep meets, kept in a
 * struct keyed (base/keyed.h) by a struct tally_key. Records begin with struct tally_head.
 */
#ifndef SOCKWATCH_ANALYSIS_DOCTOR_TALLY_H
#define SOCKWATCH_ANALYSIS_DOCTOR_TALLY_H

#include <stdint.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/keyed.h>

#include "rule.h"

enum { TALLY_RECORDS_MAX = 16384 };

/* Members that are of no use stay 0. */
struct tally_key {
	struct address address;
	uint32_t number; /* a pid, an inode, the other port */
	uint16_t port;
	uint16_t netns;
};

struct tally_head {
	struct tally_key key;
	struct row_list rows;
};

/* Of the process that holds the row; number 0: it is not known. */
struct tally_key tally_process_key(const struct look *look, const struct socket_row *row);
/* A number for look_report; never 0. */
uint64_t tally_key_hash(const struct tally_key *key);

#endif
