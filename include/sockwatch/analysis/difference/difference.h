/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What differs between two looks at a box: sockets that came, that went, whose state is another,
 * and those of which something grew. Pure: both looks are models that were filled before, and must
 * outlive the difference.
 *
 * A socket of one boot is known by its cookie. A connection that enters TIME-WAIT, or whose request
 * became a socket, has another one, and is known by its addresses; so is every socket when the box
 * was started again in between. A socket that was made anew at the same addresses (a service was
 * restarted) is another one: it went, and came.
 */
#ifndef SOCKWATCH_ANALYSIS_DIFFERENCE_DIFFERENCE_H
#define SOCKWATCH_ANALYSIS_DIFFERENCE_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/analysis/field.h>
#include <sockwatch/model/model.h>

enum difference_change {
	DIFFERENCE_CAME,
	DIFFERENCE_WENT,
	DIFFERENCE_STATE, /* it is in another state; something may have grown as well */
	DIFFERENCE_GREW,
	DIFFERENCE_CHANGES,
};

/* What may grow. */
enum difference_growth {
	DIFFERENCE_RECV_Q,
	DIFFERENCE_ACCEPT_QUEUE,
	DIFFERENCE_SEND_Q,
	DIFFERENCE_DROPS,
	DIFFERENCE_RETRANS,
	DIFFERENCE_GROWTHS, /* what follows is the traffic of every connection, and no difference */
	DIFFERENCE_SENT = DIFFERENCE_GROWTHS,
	DIFFERENCE_RECEIVED,
};

struct difference;

struct difference_row {
	const struct difference *difference;
	enum difference_change change;
	const struct socket_row *before, *after; /* NULL: it was not there, or is not */
};

struct difference {
	const struct model *before, *after;
	struct difference_row *rows; /* in the order of enum difference_change */
	size_t count, room;
	size_t counts[DIFFERENCE_CHANGES];
	bool is_same_boot;
};

/* Finds the rows; before is the earlier look. 0, or -ENOMEM; difference_fini in any case. */
int difference_take(
	struct difference *difference, const struct model *before, const struct model *after);
void difference_fini(struct difference *difference);

/* "came", "went", "state", "grew". */
const char *difference_change_name(enum difference_change change);
/* The field of sockets that grew: "recv_q". */
const char *difference_growth_name(enum difference_growth growth);
/*
 * How much it grew: bytes of a queue (of a listener: connections that wait), drops, segments sent
 * again, bytes of traffic. false: it did not, or that is not known.
 */
bool difference_grew(
	const struct difference_row *row, enum difference_growth growth, uint64_t *more);

/* The fields of a struct difference_row. */
extern const struct field_table difference_fields;
extern const char difference_columns[];

#endif
