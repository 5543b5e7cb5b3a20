/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ranks texts, and composes the keys of the order by trouble. */
#include <config.h>

#include "view_rank.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/trouble.h>

#include "analysis/field/value.h"

/* What is worse comes first. */
enum rank {
	RANK_CRITICAL,
	RANK_WARNING,
	RANK_WELL,
	RANK_LEAVING, /* the connection is over, the kernel keeps the rest of it */
	RANK_BRIEF,   /* came and ended between two looks; shown for some seconds */
};

/*
 * The key by trouble, from its high bits on: its rank, the rank of the process's name (the last
 * one: there is none), pid, local port. A pid has at most 22 bits (PID_MAX_LIMIT,
 * include/linux/threads.h).
 */
enum {
	PORT_BITS = 16,
	PID_BITS = 22,
	NAME_BITS = 22,
	NAME_UNKNOWN = (1 << NAME_BITS) - 1,
	/* Sockets, up to which processes are looked up; with more it would take too long. */
	BY_PROCESS_MAX = 250000,
	BRIEF_MS = 1000,
};

void
view_rank_begin(const struct view *view, struct view_ranks *ranks, bool wanted)
{
	const struct field *const order = wanted ? view->order : NULL;

	ranks->field = NULL;
	ranks->by_trouble = false;
	dictionary_init(&ranks->distinct);
	if (order == NULL)
		return;
	ranks->by_trouble = order->meaning == FIELD_MEANING_TROUBLE;
	if (!ranks->by_trouble)
		ranks->field =
			order->kind == VALUE_TEXT || order->kind == VALUE_TEXTS ? order : NULL;
	else if (view->model->sockets.count <= BY_PROCESS_MAX)
		ranks->field = field_find(view->table, "process", strlen("process"));
}

static bool
is_leaving(const struct socket_row *row)
{
	return row->state == TCP_STATE_TIME_WAIT || row->state == TCP_STATE_FIN_WAIT_1 ||
	       row->state == TCP_STATE_FIN_WAIT_2 || row->state == TCP_STATE_CLOSING ||
	       row->state == TCP_STATE_LAST_ACK || row->state == TCP_STATE_CLOSED;
}

/* An ended row keeps the rank that it had, so that it stays in its place while it is shown. */
static enum severity
severity_of(const struct view *view, const struct socket_row *row)
{
	struct socket_row before;

	if ((row->flags & SOCKET_CLOSED) == 0)
		return trouble_worst(view->model, row);
	before = *row;
	before.flags &= (uint16_t)~SOCKET_CLOSED;
	before.drops_ms = 0; /* its place was taken by closed_ms */
	return trouble_worst(view->model, &before);
}

bool
view_rank_is_brief(const struct socket_row *row)
{
	return (row->flags & SOCKET_CLOSED) != 0 && row->closed_ms - row->first_ms < BRIEF_MS;
}

static enum rank
rank_of(const struct view *view, const struct socket_row *row)
{
	if (view_rank_is_brief(row))
		return RANK_BRIEF;
	switch (severity_of(view, row)) {
	case SEVERITY_CRITICAL: return RANK_CRITICAL;
	case SEVERITY_WARNING: return RANK_WARNING;
	case SEVERITY_INFO: break;
	}
	return row->protocol == IPPROTO_TCP && is_leaving(row) ? RANK_LEAVING : RANK_WELL;
}

static uint64_t
trouble_key(const struct view *view, const struct socket_row *row, uint32_t name, uint32_t pid)
{
	const uint64_t rank = rank_of(view, row);

	return ((rank << NAME_BITS | (name < NAME_UNKNOWN ? name : NAME_UNKNOWN)) << PID_BITS |
		       (pid & ((1U << PID_BITS) - 1)))
		       << PORT_BITS |
	       row->local_port;
}

uint64_t
view_rank_number(const struct view *view, struct view_ranks *ranks, uint32_t id,
	const struct socket_row *row)
{
	struct value value;
	uint32_t number = MAP_EMPTY;

	if (ranks->field == NULL)
		return view_direct_key(view, trouble_key(view, row, NAME_UNKNOWN, 0));
	field_get(ranks->field, &view->context, row, &value);
	if (value.kind != VALUE_UNKNOWN)
		number = dictionary_add(&ranks->distinct, &value, id);
	if (ranks->by_trouble)
		return trouble_key(
			view, row, number, value.kind != VALUE_UNKNOWN ? value.second : 0);
	return number == MAP_EMPTY ? VIEW_KEY_UNKNOWN : (uint64_t)number << 32 | value.second;
}

struct ranking {
	const struct view *view;
	const struct field *field;
};

static int
compare_texts(const void *context, uint32_t a, uint32_t b)
{
	const struct ranking *const ranking = context;
	const struct view *const view = ranking->view;
	struct value left, right;

	field_get(
		ranking->field, &view->context, socket_table_row(&view->model->sockets, a), &left);
	field_get(
		ranking->field, &view->context, socket_table_row(&view->model->sockets, b), &right);
	left.second = right.second = 0;
	return value_compare(&left, &right);
}

/* The rank of each number; equal texts share one. NULL: no memory. */
static uint32_t *
rank_texts(const struct view *view, const struct view_ranks *ranks)
{
	const struct ranking ranking = {view, ranks->field};
	const struct dictionary *const distinct = &ranks->distinct;
	struct partial_sort_order order = {.compare = compare_texts, .context = &ranking};
	struct partial_sort texts = {.count = distinct->count};
	uint32_t *found = malloc((distinct->count + 1) * sizeof *found), rank = 0;

	texts.items = malloc((distinct->count + 1) * sizeof *texts.items);
	if (found == NULL || texts.items == NULL) {
		free(found);
		free(texts.items);
		return NULL;
	}
	for (uint32_t i = 0; i < distinct->count; i++) {
		struct value value;

		field_get(ranks->field, &view->context,
			socket_table_row(&view->model->sockets, distinct->sockets[i]), &value);
		texts.items[i] = (struct sort_item){
			.key = value_key(&value), .id = distinct->sockets[i], .arrival = i};
	}
	partial_sort(&texts, &order, 0, texts.count);
	for (size_t i = 0; i < texts.count; i++) {
		rank += i > 0 && (texts.items[i].key != texts.items[i - 1].key ||
					 compare_texts(&ranking, texts.items[i].id,
						 texts.items[i - 1].id) != 0);
		found[texts.items[i].arrival] = rank;
	}
	free(texts.items);
	return found;
}

/* Without memory for ranks all texts count as one. */
static uint64_t
ranked(uint64_t key, const uint32_t *found, bool by_trouble)
{
	const unsigned shift = PID_BITS + PORT_BITS;
	const uint64_t mask = (uint64_t)NAME_UNKNOWN << shift;
	uint64_t number = key >> 32;

	if (!by_trouble)
		return (found != NULL ? (uint64_t)found[number] : 0) << 32 | (key & UINT32_MAX);
	number = (key & mask) >> shift;
	if (number == NAME_UNKNOWN)
		return key;
	return (key & ~mask) | (found != NULL ? (uint64_t)found[number] : 0) << shift;
}

void
view_rank_finish(struct view *view, struct view_ranks *ranks)
{
	uint32_t *const found = rank_texts(view, ranks);

	for (size_t i = 0; i < view->rows.count; i++) {
		struct sort_item *const item = &view->rows.items[i];

		if (item->key != VIEW_KEY_UNKNOWN)
			item->key =
				view_direct_key(view, ranked(item->key, found, ranks->by_trouble));
	}
	free(found);
	dictionary_fini(&ranks->distinct);
}
