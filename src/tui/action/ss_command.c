/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes filters for ss, which takes an address and a port apart: src 10.0.0.1 sport = :443. */
#include <config.h>

#include "ss_command.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/address.h>
#include <sockwatch/base/text.h>
#include <sockwatch/model/netns.h>

/* "ip netns exec blue ", or nothing. */
static size_t
add_enter(const struct model *model, const struct socket_row *row, char *out, size_t size)
{
	const struct netns_row *const netns = model_netns(model, row->netns);
	const char *name;

	if (netns == NULL || row->netns == 0)
		return 0;
	name = model_text(model, netns->name);
	if (name[0] != '\0' && !netns->name_gone)
		return text_add(out, size, 0, "ip netns exec %.100s ", name);
	return netns->pid != 0 ? text_add(out, size, 0, "nsenter -t %u -n ", netns->pid) : 0;
}

static bool
has_no_peer(const struct socket_row *row)
{
	return address_is_any(&row->remote) && row->remote_port == 0;
}

void
ss_command_one(const struct model *model, const struct socket_row *row, char *out, size_t size)
{
	char local[ADDRESS_TEXT_SIZE], remote[ADDRESS_TEXT_SIZE];
	const char protocol = row->protocol == IPPROTO_UDP ? 'u' : 't';
	const struct text link = model_link_name(model, row->netns, row->ifindex);
	size_t len;

	out[0] = '\0';
	len = add_enter(model, row, out, size);
	address_format(&row->local, local, sizeof local);
	address_format(&row->remote, remote, sizeof remote);
	if (has_no_peer(row))
		len = text_add(out, size, len, "ss -K -%c%c src %s sport = :%u", protocol,
			row->state == TCP_STATE_LISTEN ? 'l' : 'a', local, row->local_port);
	else
		len = text_add(out, size, len, "ss -K -%c src %s sport = :%u dst %s dport = :%u",
			protocol, local, row->local_port, remote, row->remote_port);
	/* The same addresses may be there on another link. */
	if (link.len != 0)
		text_add(out, size, len, " dev = %.*s", (int)link.len, link.data);
}

/* What several sockets have in common. */
struct common {
	struct socket_row row; /* the first */
	bool state, local, local_port, remote, remote_port;
};

static bool
fits(const struct common *common, const struct socket_row *row)
{
	const struct socket_row *const first = &common->row;

	return row->netns == first->netns && row->protocol == first->protocol &&
	       (!common->state || row->state == first->state) &&
	       (!common->local || address_compare(&row->local, &first->local) == 0) &&
	       (!common->local_port || row->local_port == first->local_port) &&
	       (!common->remote || address_compare(&row->remote, &first->remote) == 0) &&
	       (!common->remote_port || row->remote_port == first->remote_port);
}

/* False: they are of several namespaces or protocols. */
static bool
find_common(const struct model *model, const uint32_t *ids, size_t count, struct common *common)
{
	const struct socket_row *const first = socket_table_row(&model->sockets, ids[0]);

	*common = (struct common){.row = *first,
		.state = first->protocol == IPPROTO_TCP,
		.local = !address_is_any(&first->local),
		.local_port = true,
		.remote = !address_is_any(&first->remote),
		.remote_port = first->remote_port != 0};
	for (size_t i = 1; i < count; i++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, ids[i]);

		if (row->netns != first->netns || row->protocol != first->protocol)
			return false;
		common->state = common->state && row->state == first->state;
		common->local = common->local && address_compare(&row->local, &first->local) == 0;
		common->local_port = common->local_port && row->local_port == first->local_port;
		common->remote =
			common->remote && address_compare(&row->remote, &first->remote) == 0;
		common->remote_port = common->remote_port && row->remote_port == first->remote_port;
	}
	return true;
}

/* No other living socket fits. */
static bool
is_exact(const struct model *model, const struct common *common, size_t count)
{
	size_t fitting = 0;

	for (uint32_t id = 0; id < model->sockets.used && fitting <= count; id++) {
		const struct socket_row *const row = socket_table_row(&model->sockets, id);

		fitting += (row->flags & (SOCKET_FREE | SOCKET_CLOSED)) == 0 && fits(common, row);
	}
	return fitting == count;
}

/* ss's own names of states: syn-recv, listening; the others are those of the RFC. */
static void
name_state(const struct socket_row *row, char *out, size_t size)
{
	switch (row->state) {
	case TCP_STATE_SYN_RECEIVED: snprintf(out, size, "syn-recv"); return;
	case TCP_STATE_LISTEN: snprintf(out, size, "listening"); return;
	case TCP_STATE_CLOSED: snprintf(out, size, "unconnected"); return;
	default: break;
	}
	snprintf(out, size, "%s", tcp_state_name((enum tcp_state)row->state));
	for (char *at = out; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
}

static void
write_common(const struct model *model, const struct common *common, char *out, size_t size)
{
	const struct socket_row *const row = &common->row;
	const char protocol = row->protocol == IPPROTO_UDP ? 'u' : 't';
	char word[ADDRESS_TEXT_SIZE];
	size_t len;

	out[0] = '\0';
	len = add_enter(model, row, out, size);
	name_state(row, word, sizeof word);
	if (common->state)
		len = text_add(out, size, len, "ss -K -%c state %s", protocol, word);
	else
		len = text_add(out, size, len, "ss -K -%ca", protocol);
	address_format(&row->local, word, sizeof word);
	if (common->local)
		len = text_add(out, size, len, " src %s", word);
	if (common->local_port)
		len = text_add(out, size, len, " sport = :%u", row->local_port);
	address_format(&row->remote, word, sizeof word);
	if (common->remote)
		len = text_add(out, size, len, " dst %s", word);
	if (common->remote_port)
		text_add(out, size, len, " dport = :%u", row->remote_port);
}

void
ss_command_many(
	const struct model *model, const uint32_t *ids, size_t count, char *out, size_t size)
{
	struct common common;
	size_t len;

	if (count > 1 && find_common(model, ids, count, &common) &&
		is_exact(model, &common, count)) {
		write_common(model, &common, out, size);
		return;
	}
	ss_command_one(model, socket_table_row(&model->sockets, ids[0]), out, size);
	len = strlen(out);
	if (count > 1)
		text_add(out, size, len, "  and so on, %zu commands, one for each", count);
}
