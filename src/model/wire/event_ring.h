/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The recent events, in order; their numbers grow, with gaps where another ring has events. Under a
 * flood, events of one kind and one endpoint that come faster than a bound become one event a
 * second, with a count and an estimate of how many addresses they came from (or went to):
 * HyperLogLog with 256 registers, some 7 % off.
 */
#ifndef SOCKWATCH_MODEL_WIRE_EVENT_RING_H
#define SOCKWATCH_MODEL_WIRE_EVENT_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sockwatch/model/event.h>

enum { EVENT_FOLDS = 64, EVENT_FOLD_REGISTERS = 256, EVENT_FOLD_SCOPES = 3 };

/* Events that are counted together; found by hash. One that falls onto another wears it down, and
 * replaces it when nothing is left of it: what is frequent stays. */
struct event_fold {
	uint64_t key;
	uint64_t window_ns; /* begin of the span in which count counts */
	uint64_t opened_ns; /* of the event that stands for them */
	uint64_t position;  /* of that event in the ring, ever growing */
	uint32_t count;
	bool hot;  /* the span before had too many */
	bool open; /* position holds */
	uint8_t registers[EVENT_FOLD_REGISTERS];
};

struct event_ring {
	struct event *events;
	uint32_t capacity; /* power of two */
	uint32_t fold_above;
	uint64_t end;      /* position of the next, ever growing */
	uint64_t *numbers; /* of the next event, for all rings that share it */
	struct event_fold folds[EVENT_FOLD_SCOPES][EVENT_FOLDS];
};

/* What an event may be folded by: kind and the endpoint that it has in common with others. */
struct event_scope {
	uint64_t time_ns;
	uint64_t what;                    /* kind and side */
	uint64_t opener_hash, other_hash; /* of the addresses of side 0 and 1 */
	uint16_t port;                    /* side 1's */
};

/* 0 or -ENOMEM. numbers is borrowed. */
int event_ring_init(
	struct event_ring *ring, uint32_t events, uint32_t fold_above, uint64_t *numbers);
void event_ring_fini(struct event_ring *ring);
/* True: it is counted in another event. Otherwise *event is to be filled, but for its number. */
bool event_ring_fold(
	struct event_ring *ring, const struct event_scope *scope, struct event **event);
/* A new event; zeroed folded, sources, words. */
struct event *event_ring_add(struct event_ring *ring);
/* The oldest with this number or a higher one, the newest with a lower one; or NULL. */
const struct event *event_ring_from(const struct event_ring *ring, uint64_t number);
const struct event *event_ring_before(const struct event_ring *ring, uint64_t number);
/* How many more make it go; 0: it is not here. */
uint32_t event_ring_room(const struct event_ring *ring, uint64_t number);

/* From now on no other event is counted in this one. */
void event_ring_close(struct event_ring *ring, uint64_t number);

#endif
