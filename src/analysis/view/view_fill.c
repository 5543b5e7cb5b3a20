/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One pass over all rows: each row that passes the filter gets an item with the key that will order
 * it. Numbers and IPv4 addresses are keys as they are; texts are ranked (view_rank.c).
 */
#include <config.h>

#include "view_own.h"
#include "view_rank.h"

#include <stdlib.h>

#include <sockwatch/stream/needs.h>

#include "analysis/field/socket_getters.h"
#include "analysis/field/value.h"
#include "analysis/filter/filter_tree.h"

enum { ROOM_STEP = 4096, AHEAD_SLOT = 24, AHEAD_RECORD = 12 };

/*
 * Full comparison of two rows whose keys are equal: IPv6 addresses with the same first bits. It
 * reads the rows: all sockets of a box may be such, and a comparison by values takes six times as
 * long.
 */
static int
compare_rows(const void *context, uint32_t a, uint32_t b)
{
	const struct view *const view = context;
	const struct socket_row *const left = socket_table_row(&view->model->sockets, a);
	const struct socket_row *const right = socket_table_row(&view->model->sockets, b);
	const bool remote = view->order->argument == SOCKET_SIDE_REMOTE;
	int order = remote ? address_compare(&left->remote, &right->remote)
			   : address_compare(&left->local, &right->local);

	if (!order && view->order->kind == VALUE_ENDPOINT)
		order = remote ? left->remote_port - right->remote_port
			       : left->local_port - right->local_port;
	if (!order)
		order = (left->ifindex > right->ifindex) - (left->ifindex < right->ifindex);
	return view->descending ? -order : order;
}

static bool
make_room(struct view *view)
{
	size_t needed = view->model->sockets.count, capacity;
	struct sort_item *grown;

	if (needed <= view->capacity && needed + 4 * ROOM_STEP > view->capacity / 2)
		return true;
	capacity = (needed / ROOM_STEP + 1) * ROOM_STEP;
	grown = realloc(view->rows.items, capacity * sizeof *grown);
	if (grown == NULL)
		return needed <= view->capacity;
	view->rows.items = grown;
	view->capacity = capacity;
	return true;
}

/* The pass needs this besides the view. */
struct pass {
	const struct field *order, *group;
	bool held;
	bool in_order; /* items came in the order in which they belong */
	bool owners;   /* processes are looked up */
	struct view_own own;
	struct view_ranks ranks; /* where texts are ordered */
};

static uint64_t
order_key(struct view *view, struct pass *pass, uint32_t id, const struct socket_row *row)
{
	struct value value;

	if (pass->held)
		return view_hold_key(view, id, row);
	if (pass->order == NULL)
		return 0;
	if (pass->ranks.field != NULL || pass->ranks.by_trouble)
		return view_rank_number(view, &pass->ranks, id, row);
	field_get(pass->order, &view->context, row, &value);
	return view_direct_key(view, value_key(&value));
}

static void
take_row(struct view *view, struct pass *pass, uint32_t id, const struct socket_row *row)
{
	struct sort_item *item;

	if (row->flags & SOCKET_FREE || (view->hide_closed && row->flags & SOCKET_CLOSED))
		return;
	if (view->rows.count == view->capacity || view_own_hides(view, &pass->own, row))
		return;
	if (view->filter != NULL && !filter_match(view->filter, &view->context, row, view->visible,
					    view->visible_count))
		return;
	/* There is none before the first row that is shown. */
	item = &view->rows.items[view->rows.count];
	item->key = order_key(view, pass, id, row);
	item->id = id;
	if (pass->group != NULL) {
		struct value value;

		field_get(pass->group, &view->context, row, &value);
		item->arrival = dictionary_add(&view->groups, &value, id);
		if (item->arrival == MAP_EMPTY)
			return;
	} else {
		item->arrival = view_arrival(view, row);
	}
	/* Ids grow: with equal keys and times the later one belongs after the earlier. */
	if (view->rows.count &&
		(item[-1].key > item->key ||
			(item[-1].key == item->key && item[-1].arrival > item->arrival)))
		pass->in_order = false;
	view->live += !(row->flags & SOCKET_CLOSED);
	view->ended += (row->flags & SOCKET_CLOSED) != 0;
	view->rows.count++;
}

/* Kinds whose keys leave something to compare: IPv6 is longer than a key. */
static bool
is_lossy(const struct field *order)
{
	return order != NULL && (order->kind == VALUE_ADDRESS || order->kind == VALUE_ENDPOINT);
}

static struct partial_sort_order
row_order(const struct view *view, bool held)
{
	const uint64_t first = view_direct_key(view, VALUE_KEY_V4_FIRST);
	const uint64_t last = view_direct_key(view, VALUE_KEY_V4_LAST);
	/* The range of exact keys is empty. */
	struct partial_sort_order order = {.context = view, .exact_first = 1};

	if (held || !is_lossy(view->order))
		return order;
	order.compare = compare_rows;
	order.exact_first = first < last ? first : last;
	order.exact_last = first < last ? last : first;
	return order;
}

/* Owners lie in tables without order: their cache lines are fetched some rows in advance. */
static void
look_ahead(const struct view *view, uint32_t id)
{
	const struct socket_table *const table = &view->model->sockets;

	if (id + AHEAD_SLOT >= table->used)
		return;
	process_table_prefetch(
		&view->model->processes, socket_table_row(table, id + AHEAD_SLOT)->inode, false);
	process_table_prefetch(
		&view->model->processes, socket_table_row(table, id + AHEAD_RECORD)->inode, true);
}

static bool
needs_owners(const struct view *view)
{
	uint32_t needs = filter_needs(view->filter);

	for (size_t i = 0; filter_has_word(view->filter) && i < view->visible_count; i++)
		needs |= view->visible[i]->needs;
	if (view->order != NULL)
		needs |= view->order->needs;
	if (view->group != NULL)
		needs |= view->group->needs;
	return needs & NEED_OWNERS;
}

void
view_fill(struct view *view)
{
	const struct socket_table *const table = &view->model->sockets;
	struct pass pass = {
		.order = view->order,
		.group = view->group,
		.held = view->held != NULL,
		.in_order = true,
		.owners = needs_owners(view),
	};

	view_own_begin(view, &pass.own);
	view_rank_begin(view, &pass.ranks, !pass.held);
	view->rows.count = view->rows.sorted_first = view->rows.sorted_end = 0;
	view->live = view->ended = view->ended_hidden = 0;
	view->row_order = row_order(view, pass.held);
	/* Without memory for all rows, those are shown that there is room for. */
	(void)make_room(view);
	for (uint32_t id = 0; id < table->used;) {
		const struct socket_row *const block = table->blocks[id / SOCKET_BLOCK_ROWS];
		const uint32_t end =
			id + SOCKET_BLOCK_ROWS < table->used ? id + SOCKET_BLOCK_ROWS : table->used;

		for (size_t i = 0; id < end; id++, i++) {
			if (pass.owners)
				look_ahead(view, id);
			take_row(view, &pass, id, &block[i]);
		}
	}
	view_ended_bound(view);
	if (pass.ranks.field != NULL)
		view_rank_finish(view, &pass.ranks);
	else if (pass.in_order && pass.group == NULL && view->row_order.compare == NULL)
		view->rows.sorted_end = view->rows.count;
}
