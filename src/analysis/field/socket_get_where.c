/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: namespace, addresses, ports, interface and service. */
#include <config.h>

#include "socket_getters.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/model/netns.h>

#include "value.h"

static bool
has_remote(const struct socket_row *row)
{
	return row->remote_port || !address_is_any(&row->remote);
}

void
socket_get_netns(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const struct netns_row *const netns = model_netns(context->model, row->netns);
	char composed[NETNS_LABEL_SIZE];
	struct text label;

	(void)field;
	if (netns == NULL) {
		value_set_unknown(value);
		return;
	}
	label = netns_label(context->model, netns, composed);
	if (label.data == composed)
		value_set_composed(value, "%s", composed);
	else
		value_set_text(value, label);
}

void
socket_get_proto(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;

	(void)field;
	(void)context;
	value_set_text(value, (struct text){row->protocol == IPPROTO_UDP ? "udp" : "tcp", 3});
}

void
socket_get_interface(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const struct text name = model_link_name(context->model, row->netns, row->ifindex);

	(void)field;
	if (!row->ifindex)
		value_set_unknown(value);
	else if (name.len)
		value_set_text(value, name);
	else
		value_set_composed(value, "if%" PRIu32, row->ifindex);
}

/* The name is given even when columns show numbers: this field is shown only where it was asked
 * for. */
void
socket_get_remote_name(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const struct text name = value_host_name(context, &row->remote);

	(void)field;
	if (has_remote(row) && name.len)
		value_set_text(value, name);
	else
		value_set_unknown(value);
}

/* The interface stands with the local address as in ss; with the peer's only if link-local. */
static struct address_scoped
scoped(const struct field_context *context, const struct socket_row *row, bool remote)
{
	struct address_scoped address = {.ip = remote ? row->remote : row->local, .zone = {"", 0}};

	if (!remote || address_needs_zone(&address.ip)) {
		address.ifindex = row->ifindex;
		address.zone = model_link_name(context->model, row->netns, row->ifindex);
	}
	return address;
}

/*
 * As in ss: "*" takes IPv4 and IPv6, "0.0.0.0" takes IPv4 only, "[::]" IPv6 only (IPV6_V6ONLY).
 */
void
socket_get_endpoint(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const bool remote = field->argument == SOCKET_SIDE_REMOTE;

	value->kind = VALUE_ENDPOINT;
	value->at_least = false;
	value->second = 0;
	value->endpoint.address = scoped(context, row, remote);
	value->endpoint.port = remote ? row->remote_port : row->local_port;
	value->endpoint.is_exact = false;
	value->endpoint.star = row->family == AF_INET6 && !(row->flags & SOCKET_V6ONLY);
	value->endpoint.name = (struct text){"", 0};
	if (remote && !context->numeric)
		value->endpoint.name = value_host_name(context, &row->remote);
}

void
socket_get_address(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const bool remote = field->argument == SOCKET_SIDE_REMOTE;
	const struct address_scoped address = scoped(context, row, remote);

	if (!remote || has_remote(row))
		value_set_address(value, &address);
	else
		value_set_unknown(value);
}

void
socket_get_port(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;

	(void)context;
	if (field->argument == SOCKET_SIDE_LOCAL)
		value_set_unsigned(value, row->local_port);
	else if (has_remote(row))
		value_set_unsigned(value, row->remote_port);
	else
		value_set_unknown(value);
}

/*
 * The kernel does not report which side serves. A socket without a peer serves its own port; of two
 * ports the lower one is the more likely service.
 */
void
socket_get_service(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	uint16_t first = row->local_port, second = 0;
	struct text name;

	(void)field;
	(void)context;
	if (has_remote(row)) {
		const bool local_first = row->local_port <= row->remote_port;

		first = local_first ? row->local_port : row->remote_port;
		second = local_first ? row->remote_port : row->local_port;
	}
	name = services_name(first, row->protocol);
	if (!name.len && second)
		name = services_name(second, row->protocol);
	value_set_text(value, name);
}
