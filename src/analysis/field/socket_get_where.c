/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: namespace, addresses, ports, interface and service. */
#include <config.h>

#include "socket_getters.h"

#include <inttypes.h>
#include <netinet/in.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/model/netns.h>

#include "value.h"

/* Number of the collector's own namespace in the stream. */
enum { NETNS_OWN = 1 };

static bool
has_remote(const struct socket_row *row)
{
	return row->remote_port || !address_is_any(&row->remote);
}

/* The name that ip netns has for it, or else what readlink /proc/PID/ns/net shows. */
void
socket_get_netns(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;
	const struct netns_row *const netns = model_netns(context->model, row->netns);

	(void)field;
	if (netns == NULL)
		value_set_unknown(value);
	else if (netns->name)
		value_set_text(value, intern_get(context->model->texts, netns->name));
	else if (netns->id == NETNS_OWN)
		value_set_text(value, (struct text){"own", 3});
	else
		value_set_composed(value, "net:[%" PRIu64 "]", netns->inode);
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

static struct text
link_name(const struct field_context *context, const struct socket_row *row)
{
	uint32_t name = 0;

	if (!row->ifindex ||
		!map_find(&context->model->links, (uint64_t)row->netns << 32 | row->ifindex, &name))
		return (struct text){"", 0};
	return intern_get(context->model->texts, name);
}

void
socket_get_interface(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const struct text name = link_name(context, row);

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

/*
 * Dual-stack and IPv4 wildcards are "*"; an IPv6 one that takes no IPv4 is "[::]".
 */
void
socket_get_endpoint(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct socket_row *const row = data;
	const bool remote = field->argument == SOCKET_SIDE_REMOTE;
	const struct address *const address = remote ? &row->remote : &row->local;

	value->kind = VALUE_ENDPOINT;
	value->at_least = false;
	value->second = 0;
	value->endpoint.address = *address;
	value->endpoint.port = remote ? row->remote_port : row->local_port;
	value->endpoint.star = remote || !(row->flags & SOCKET_V6ONLY);
	value->endpoint.zone = (struct text){"", 0};
	value->endpoint.name = (struct text){"", 0};
	if (remote && !context->numeric)
		value->endpoint.name = value_host_name(context, address);
	/* As in ss the local address shows the interface; the remote one only if link-local. */
	if (row->ifindex && (!remote || address_is_link_local(address)))
		value->endpoint.zone = link_name(context, row);
}

void
socket_get_address(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const row = data;

	(void)context;
	if (field->argument == SOCKET_SIDE_LOCAL)
		value_set_address(value, &row->local);
	else if (has_remote(row))
		value_set_address(value, &row->remote);
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
