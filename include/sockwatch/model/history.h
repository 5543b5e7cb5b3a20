/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recent past of the one socket that is looked at: a sample per snapshot, for charts. The
 * viewer owns it.
 */
#ifndef SOCKWATCH_MODEL_HISTORY_H
#define SOCKWATCH_MODEL_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/model.h>

enum history_series {
	HISTORY_RTT_US,
	HISTORY_SEND_RATE,
	HISTORY_RECEIVE_RATE,
	HISTORY_CWND,
	HISTORY_RETRANS,
	HISTORY_COUNT
};
enum { HISTORY_SAMPLES = 256 };

struct history {
	uint32_t socket; /* id, or SOCKET_NONE */
	uint64_t cookie;
	uint32_t last_sequence;
	size_t count, next;                            /* ring */
	float samples[HISTORY_COUNT][HISTORY_SAMPLES]; /* NAN: not known then */
};

void history_start(struct history *history, const struct model *model, uint32_t socket);
/* Takes a sample if a snapshot has ended since the last call. */
void history_update(struct history *history, const struct model *model);
/* The i-th sample, oldest first. */
float history_get(const struct history *history, enum history_series series, size_t i);

#endif
