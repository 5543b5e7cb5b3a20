/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds each socket of the earlier look in the later one.
 *	difference_growth.c  what grew
 *	difference_fields.c  the fields of what differs
 *	difference_get.c     their getters
 */
#include <config.h>

#include <sockwatch/analysis/difference/difference.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/keyed.h>
#include <sockwatch/model/netns.h>

enum { FIRST_ROOM = 64, NETNS_NONE = UINT16_MAX };

/* The addresses of a socket; netns is that of the later look. */
struct tuple {
	struct address local, remote;
	uint16_t local_port, remote_port, netns;
	uint8_t protocol, family;
	uint32_t ifindex;
	uint32_t reserved;
};

static_assert(sizeof(struct tuple) == 48, "keys are compared as bytes and must have no holes");

struct candidate {
	struct tuple tuple;
	uint64_t socket; /* id of the later look, plus 1; 0: it was taken */
};

struct search {
	struct difference *difference;
	uint16_t *netns;   /* by number of the earlier look: that of the later one, or NETNS_NONE */
	bool *is_known;    /* by id of the later look: it was there before */
	uint32_t *missing; /* ids of the earlier look that were not found by cookie */
	size_t missing_count;
	struct keyed candidates;
};

static bool
is_alive(const struct socket_row *row)
{
	return (row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0;
}

static int
add(struct difference *difference, enum difference_change change, const struct socket_row *before,
	const struct socket_row *after)
{
	if (difference->count == difference->room) {
		const size_t room = difference->room != 0 ? difference->room * 2 : FIRST_ROOM;
		struct difference_row *const grown =
			reallocarray(difference->rows, room, sizeof *grown);

		if (grown == NULL)
			return -ENOMEM;
		difference->rows = grown;
		difference->room = room;
	}
	difference->rows[difference->count++] =
		(struct difference_row){difference, change, before, after};
	difference->counts[change]++;
	return 0;
}

/* Both are the same socket. */
static int
compare(struct difference *difference, const struct socket_row *before,
	const struct socket_row *after)
{
	const struct difference_row row = {difference, DIFFERENCE_GREW, before, after};
	uint64_t more;

	if (before->state != after->state)
		return add(difference, DIFFERENCE_STATE, before, after);
	for (enum difference_growth i = 0; i < DIFFERENCE_GROWTHS; i++)
		if (difference_grew(&row, i, &more))
			return add(difference, DIFFERENCE_GREW, before, after);
	return 0;
}

static bool
is_same_netns(const struct difference *difference, const struct netns_row *before,
	const struct netns_row *after)
{
	char left[NETNS_LABEL_SIZE], right[NETNS_LABEL_SIZE];
	struct text a, b;

	if (difference->is_same_boot && before->inode != 0 && after->inode != 0)
		return before->inode == after->inode;
	a = netns_label(difference->before, before, left);
	b = netns_label(difference->after, after, right);
	return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static uint16_t
find_netns(const struct difference *difference, uint16_t number)
{
	const struct netns_row *const before = model_netns(difference->before, number);

	for (uint32_t i = 0; before != NULL && i < difference->after->netns_count; i++) {
		const struct netns_row *const after = model_netns(difference->after, (uint16_t)i);

		if (after != NULL && is_same_netns(difference, before, after))
			return (uint16_t)i;
	}
	return NETNS_NONE;
}

static int
prepare(struct search *search)
{
	const struct model *const before = search->difference->before;
	const struct model *const after = search->difference->after;

	keyed_init(&search->candidates, sizeof(struct candidate), sizeof(struct tuple), UINT32_MAX);
	search->netns = calloc((size_t)before->netns_count + 1, sizeof *search->netns);
	search->is_known = calloc((size_t)after->sockets.used + 1, sizeof *search->is_known);
	search->missing = calloc((size_t)before->sockets.used + 1, sizeof *search->missing);
	if (search->netns == NULL || search->is_known == NULL || search->missing == NULL)
		return -ENOMEM;
	for (uint32_t i = 0; i < before->netns_count; i++)
		search->netns[i] = find_netns(search->difference, (uint16_t)i);
	return 0;
}

static void
release(struct search *search)
{
	free(search->netns);
	free(search->is_known);
	free(search->missing);
	keyed_fini(&search->candidates);
}

static uint32_t
find_cookie(const struct search *search, const struct socket_row *row)
{
	const struct socket_table *const table = &search->difference->after->sockets;
	const uint16_t netns = search->netns[row->netns];
	uint32_t id;

	if (!search->difference->is_same_boot || netns == NETNS_NONE)
		return SOCKET_NONE;
	id = socket_table_find(table, netns, row->cookie);
	return id != SOCKET_NONE && is_alive(socket_table_row(table, id)) ? id : SOCKET_NONE;
}

static int
find_by_cookie(struct search *search)
{
	struct difference *const difference = search->difference;
	const struct socket_table *const table = &difference->before->sockets;
	int result = 0;

	for (uint32_t id = 0; id < table->used && result == 0; id++) {
		const struct socket_row *const row = socket_table_row(table, id);
		uint32_t found;

		if (!is_alive(row))
			continue;
		found = find_cookie(search, row);
		if (found == SOCKET_NONE) {
			search->missing[search->missing_count++] = id;
			continue;
		}
		search->is_known[found] = true;
		result = compare(
			difference, row, socket_table_row(&difference->after->sockets, found));
	}
	return result;
}

static struct tuple
tuple_of(const struct socket_row *row, uint16_t netns)
{
	return (struct tuple){.local = row->local,
		.remote = row->remote,
		.local_port = row->local_port,
		.remote_port = row->remote_port,
		.netns = netns,
		.protocol = row->protocol,
		.family = row->family,
		.ifindex = row->ifindex};
}

/* New sockets are found by their addresses where those may be of an old one. */
static int
offer_new(struct search *search)
{
	const struct socket_table *const table = &search->difference->after->sockets;

	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);
		struct candidate *candidate;
		struct tuple tuple;

		if (!is_alive(row) || search->is_known[id])
			continue;
		tuple = tuple_of(row, row->netns);
		candidate = keyed_get(&search->candidates, &tuple);
		if (candidate == NULL)
			return -ENOMEM;
		if (candidate->socket == 0)
			candidate->socket = (uint64_t)id + 1;
	}
	return 0;
}

/* A TIME-WAIT and the socket of a request have cookies of their own. */
static bool
is_successor(const struct search *search, const struct socket_row *before,
	const struct socket_row *after)
{
	return !search->difference->is_same_boot || after->state == TCP_STATE_TIME_WAIT ||
	       (before->state == TCP_STATE_SYN_RECEIVED && after->state != TCP_STATE_LISTEN);
}

static int
find_by_tuple(struct search *search, const struct socket_row *before)
{
	struct difference *const difference = search->difference;
	const uint16_t netns = search->netns[before->netns];
	const struct tuple tuple = tuple_of(before, netns);
	struct candidate *const candidate =
		netns != NETNS_NONE ? keyed_find(&search->candidates, &tuple) : NULL;
	const struct socket_row *after;

	if (candidate == NULL || candidate->socket == 0)
		return add(difference, DIFFERENCE_WENT, before, NULL);
	after = socket_table_row(&difference->after->sockets, (uint32_t)(candidate->socket - 1));
	if (!is_successor(search, before, after))
		return add(difference, DIFFERENCE_WENT, before, NULL);
	search->is_known[candidate->socket - 1] = true;
	candidate->socket = 0;
	return compare(difference, before, after);
}

static int
add_new(struct search *search)
{
	const struct socket_table *const table = &search->difference->after->sockets;
	int result = 0;

	for (uint32_t id = 0; id < table->used && result == 0; id++) {
		const struct socket_row *const row = socket_table_row(table, id);

		if (is_alive(row) && !search->is_known[id])
			result = add(search->difference, DIFFERENCE_CAME, NULL, row);
	}
	return result;
}

/* Kinds of changes one after the other, each in the order of the tables. */
static int
put_in_order(struct difference *difference)
{
	struct difference_row *const ordered =
		calloc(difference->count + 1, sizeof *difference->rows);
	size_t next[DIFFERENCE_CHANGES] = {0};

	if (ordered == NULL)
		return -ENOMEM;
	for (size_t i = 1; i < DIFFERENCE_CHANGES; i++)
		next[i] = next[i - 1] + difference->counts[i - 1];
	for (size_t i = 0; i < difference->count; i++)
		ordered[next[difference->rows[i].change]++] = difference->rows[i];
	free(difference->rows);
	difference->rows = ordered;
	difference->room = difference->count + 1;
	return 0;
}

int
difference_take(
	struct difference *difference, const struct model *before, const struct model *after)
{
	struct search search = {.difference = difference};
	int result;

	*difference = (struct difference){.before = before,
		.after = after,
		.is_same_boot = strcmp(before->host.boot_id, after->host.boot_id) == 0 &&
				strcmp(before->host.host, after->host.host) == 0};
	result = prepare(&search);
	if (result == 0)
		result = find_by_cookie(&search);
	if (result == 0)
		result = offer_new(&search);
	for (size_t i = 0; i < search.missing_count && result == 0; i++)
		result = find_by_tuple(
			&search, socket_table_row(&before->sockets, search.missing[i]));
	if (result == 0)
		result = add_new(&search);
	if (result == 0)
		result = put_in_order(difference);
	release(&search);
	return result;
}

void
difference_fini(struct difference *difference)
{
	free(difference->rows);
	*difference = (struct difference){.rows = NULL};
}
