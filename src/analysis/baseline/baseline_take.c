/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes lines of what is open: listeners, and the connections that went out. */
#include <config.h>

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/analysis/baseline/baseline.h>
#include <sockwatch/base/keyed.h>
#include <sockwatch/base/map.h>
#include <sockwatch/model/netns.h>

/* Destinations of a program at one port. */
struct reach {
	uint64_t program; /* the key: hash of program, namespace and port */
	uint32_t count;
};

struct line {
	struct baseline_item item;
	char text[BASELINE_NAME_SIZE + ADDRESS_TEXT_SIZE + 32];
};

struct taking {
	struct baseline *baseline;
	const struct model *model;
	struct map listening;   /* namespace and port */
	struct keyed addresses; /* of reach: hashes of what was counted */
	struct keyed reaches;
	struct line *lines;
	size_t count, capacity;
	int result;
};

/* A namespace without a name has another number tomorrow. */
static void
write_netns(const struct model *model, uint16_t number, char out[BASELINE_NAME_SIZE])
{
	const struct netns_row *const netns = model_netns(model, number);
	char raw[NETNS_LABEL_SIZE];
	struct text label;

	snprintf(out, BASELINE_NAME_SIZE, "*");
	if (netns == NULL)
		return;
	label = netns_label(model, netns, raw);
	if (label.data != raw)
		text_clean(label, out, BASELINE_NAME_SIZE);
}

void
baseline_item_of(const struct model *model, const struct socket_row *row, enum baseline_kind kind,
	struct baseline_item *item)
{
	const struct process_row *const process = model_socket_process(model, row);
	const bool is_local = kind == BASELINE_LISTENER;

	*item = (struct baseline_item){.kind = kind,
		.address = {.address = is_local ? row->local : row->remote, .length = 128},
		.is_any_address = kind == BASELINE_CLIENT,
		.port = is_local ? row->local_port : row->remote_port};
	if (kind == BASELINE_CLIENT)
		item->port = 0;
	write_netns(model, row->netns, item->netns);
	if (process != NULL)
		text_clean(text_of(model_text(model, process->comm)), item->program,
			sizeof item->program);
}

static void
add_line(struct taking *taking, const struct baseline_item *item)
{
	char address[ADDRESS_TEXT_SIZE] = "*";
	struct line *line;

	if (baseline_has(taking->baseline, item))
		return;
	if (taking->count == taking->capacity) {
		const size_t capacity = taking->capacity != 0 ? taking->capacity * 2 : 64;
		struct line *const grown = reallocarray(taking->lines, capacity, sizeof *grown);

		if (grown == NULL) {
			taking->result = -ENOMEM;
			return;
		}
		taking->lines = grown;
		taking->capacity = capacity;
	}
	if (baseline_add(taking->baseline, item) != 0) {
		taking->result = -ENOSPC;
		return;
	}
	line = &taking->lines[taking->count++];
	line->item = *item;
	if (!item->is_any_address)
		address_format(&item->address.address, address, sizeof address);
	if (item->kind == BASELINE_CLIENT)
		snprintf(line->text, sizeof line->text, "client %s", item->program);
	else
		snprintf(line->text, sizeof line->text, "%s %s %u%s%s",
			item->kind == BASELINE_LISTENER ? "listener" : "destination", address,
			(unsigned)item->port, item->program[0] != '\0' ? " " : "", item->program);
}

static uint64_t
port_key(const struct socket_row *row)
{
	return (uint64_t)row->netns << 16 | row->local_port;
}

static void
take_listener(struct taking *taking, const struct socket_row *row)
{
	struct baseline_item item;

	if (row->state != TCP_STATE_LISTEN)
		return;
	if (map_set(&taking->listening, port_key(row), 1) != 0)
		taking->result = -ENOMEM;
	baseline_item_of(taking->model, row, BASELINE_LISTENER, &item);
	add_line(taking, &item);
}

static bool
went_out(const struct taking *taking, const struct socket_row *row)
{
	uint32_t ignored;

	return row->state == TCP_STATE_ESTABLISHED && !address_is_loopback(&row->remote) &&
	       !map_find(&taking->listening, port_key(row), &ignored);
}

static uint64_t
reach_of(const struct baseline_item *item)
{
	return map_hash_bytes(item->program, strlen(item->program),
		map_hash_bytes(item->netns, strlen(item->netns), item->port));
}

static void
count_reach(struct taking *taking, const struct socket_row *row)
{
	struct baseline_item item;
	struct reach *reach;
	uint64_t key;
	uint32_t before;

	if (!went_out(taking, row))
		return;
	baseline_item_of(taking->model, row, BASELINE_DESTINATION, &item);
	key = map_hash_16(&item.address.address, reach_of(&item));
	before = taking->addresses.count;
	(void)keyed_get(&taking->addresses, &key);
	if (taking->addresses.count == before)
		return;
	key = reach_of(&item);
	reach = keyed_get(&taking->reaches, &key);
	if (reach != NULL)
		reach->count++;
}

static void
take_client(struct taking *taking, const struct socket_row *row)
{
	struct baseline_item item;
	const struct reach *reach;
	uint64_t key;

	if (!went_out(taking, row))
		return;
	baseline_item_of(taking->model, row, BASELINE_CLIENT, &item);
	if (item.program[0] != '\0')
		add_line(taking, &item);
	baseline_item_of(taking->model, row, BASELINE_DESTINATION, &item);
	key = reach_of(&item);
	reach = keyed_find(&taking->reaches, &key);
	if (reach != NULL && reach->count > BASELINE_MANY)
		item.is_any_address = true;
	add_line(taking, &item);
}

static void
each_row(struct taking *taking, void (*each)(struct taking *taking, const struct socket_row *row))
{
	const struct socket_table *const table = &taking->model->sockets;

	for (uint32_t id = 0; id < table->used; id++) {
		const struct socket_row *const row = socket_table_row(table, id);

		if ((row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0 &&
			row->protocol == IPPROTO_TCP)
			each(taking, row);
	}
}

/* By namespace, then by kind, then as text; what is of the own namespace comes first. */
static int
compare(const void *left, const void *right)
{
	const struct line *const a = left, *const b = right;
	const bool is_own_a = strcmp(a->item.netns, "own") == 0;
	const bool is_own_b = strcmp(b->item.netns, "own") == 0;

	if (is_own_a != is_own_b)
		return is_own_a ? -1 : 1;
	if (strcmp(a->item.netns, b->item.netns) != 0)
		return strcmp(a->item.netns, b->item.netns);
	if (a->item.kind != b->item.kind)
		return a->item.kind < b->item.kind ? -1 : 1;
	return strcmp(a->text, b->text);
}

static void
print(struct taking *taking, struct buffer *out, size_t added[BASELINE_KINDS])
{
	const char *netns = "";

	if (taking->count > 0)
		qsort(taking->lines, taking->count, sizeof taking->lines[0], compare);
	for (size_t i = 0; i < taking->count; i++) {
		const struct line *const line = &taking->lines[i];

		if (strcmp(netns, line->item.netns) != 0)
			buffer_append_format(out, "netns %s\n", line->item.netns);
		netns = line->item.netns;
		buffer_append_format(out, "%s\n", line->text);
		added[line->item.kind]++;
	}
}

int
baseline_take(struct baseline *baseline, const struct model *model, struct buffer *out,
	size_t added[BASELINE_KINDS])
{
	struct taking taking = {.baseline = baseline, .model = model};

	map_init(&taking.listening);
	keyed_init(&taking.addresses, sizeof(uint64_t), sizeof(uint64_t), UINT32_MAX);
	keyed_init(&taking.reaches, sizeof(struct reach), sizeof(uint64_t), UINT32_MAX);
	memset(added, 0, BASELINE_KINDS * sizeof added[0]);
	each_row(&taking, take_listener);
	each_row(&taking, count_reach);
	each_row(&taking, take_client);
	print(&taking, out, added);
	map_fini(&taking.listening);
	keyed_fini(&taking.addresses);
	keyed_fini(&taking.reaches);
	free(taking.lines);
	return taking.result;
}
