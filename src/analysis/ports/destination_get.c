/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: a destination, the local ports that it uses and can use, and who uses them. */
#include <config.h>

#include "destination_get.h"

#include <netinet/in.h>
#include <stdio.h>

#include <sockwatch/analysis/services.h>
#include <sockwatch/model/netns.h>

#include "analysis/field/value.h"

static const struct destination *
destination_of(const void *data)
{
	return ((const struct destination_row *)data)->destination;
}

static const struct port_space *
space_of(const void *data)
{
	const struct destination_row *const row = data;

	return port_budget_space(row->budget, row->destination->key.netns);
}

void
destination_get_netns(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct netns_row *const netns =
		model_netns(context->model, (uint16_t)destination_of(data)->key.netns);
	char out[NETNS_LABEL_SIZE];
	struct text label;

	(void)field;
	value_set_unknown(value);
	if (netns == NULL)
		return;
	label = netns_label(context->model, netns, out);
	value_set_composed(value, "%.*s", (int)label.len, label.data);
}

void
destination_get_address(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination_key *const key = &destination_of(data)->key;

	(void)context;
	value_set_address(value,
		&(struct address_scoped){
			.ip = field->argument == SOCKET_SIDE_LOCAL ? key->local : key->remote,
			.zone = {"", 0}});
}

void
destination_get_remote(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination_key *const key = &destination_of(data)->key;

	(void)field;
	value_set_unknown(value);
	value->kind = VALUE_ENDPOINT;
	value->endpoint.address = (struct address_scoped){.ip = key->remote, .zone = {"", 0}};
	value->endpoint.port = (uint16_t)key->port;
	value->endpoint.is_exact = true;
	value->endpoint.star = false;
	value->endpoint.name =
		context->numeric ? (struct text){"", 0} : value_host_name(context, &key->remote);
}

void
destination_get_remote_name(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	(void)field;
	value_set_text(value, value_host_name(context, &destination_of(data)->key.remote));
}

void
destination_get_service(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	(void)field;
	(void)context;
	value_set_text(value, services_name((uint16_t)destination_of(data)->key.port, IPPROTO_TCP));
}

/* A number of the namespace's range; it is not known without that. */
static bool
space_number(const void *data, enum destination_number which, uint64_t *number)
{
	const struct port_space *const space = space_of(data);

	if (space == NULL || !space->is_known)
		return false;
	switch (which) {
	case DESTINATION_NUMBER_USABLE: *number = space->usable; return true;
	case DESTINATION_NUMBER_LOW: *number = space->low; return true;
	case DESTINATION_NUMBER_HIGH: *number = space->high; return true;
	case DESTINATION_NUMBER_RESERVED: *number = space->reserved; return true;
	case DESTINATION_NUMBER_BOUND: *number = space->bound; return true;
	case DESTINATION_NUMBER_FAMILY:
	case DESTINATION_NUMBER_REMOTE_PORT:
	case DESTINATION_NUMBER_USED:
	case DESTINATION_NUMBER_REUSABLE:
	case DESTINATION_NUMBER_FREE:
	case DESTINATION_NUMBER_SOCKETS:
	case DESTINATION_NUMBER_LEFT:
	case DESTINATION_NUMBER_PID: break;
	}
	return false;
}

static uint64_t
sockets_of(const struct destination *destination)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < TCP_STATE_COUNT; i++)
		sum += destination->by_state[i];
	return sum;
}

/* What needs the namespace's range. */
static bool
room_number(const void *data, enum destination_number which, uint64_t *number)
{
	const struct destination_row *const row = data;
	uint32_t ports;
	double left_s;

	if (which == DESTINATION_NUMBER_FREE &&
		destination_free(row->budget, row->destination, &ports)) {
		*number = ports;
		return true;
	}
	if (which == DESTINATION_NUMBER_LEFT &&
		destination_left_s(row->budget, row->destination, &left_s)) {
		*number = (uint64_t)left_s;
		return true;
	}
	return false;
}

static bool
number_of(const void *data, enum destination_number which, uint64_t *number)
{
	const struct destination *const destination = destination_of(data);

	switch (which) {
	case DESTINATION_NUMBER_FAMILY:
		*number = address_is_v4(&destination->key.remote) ? 4 : 6;
		return true;
	case DESTINATION_NUMBER_REMOTE_PORT: *number = destination->key.port; return true;
	case DESTINATION_NUMBER_USED: *number = destination->used; return true;
	case DESTINATION_NUMBER_REUSABLE: *number = destination->reusable; return true;
	case DESTINATION_NUMBER_SOCKETS: *number = sockets_of(destination); return true;
	case DESTINATION_NUMBER_PID:
		*number = destination->processes[0].pid;
		return destination->process_count > 0;
	case DESTINATION_NUMBER_FREE:
	case DESTINATION_NUMBER_LEFT: return room_number(data, which, number);
	case DESTINATION_NUMBER_USABLE:
	case DESTINATION_NUMBER_LOW:
	case DESTINATION_NUMBER_HIGH:
	case DESTINATION_NUMBER_RESERVED:
	case DESTINATION_NUMBER_BOUND: return space_number(data, which, number);
	}
	return false;
}

void
destination_get_number(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint64_t number;

	(void)context;
	if (number_of(data, (enum destination_number)field->argument, &number))
		value_set_unsigned(value, number);
	else
		value_set_unknown(value);
}

void
destination_get_percent(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination_row *const row = data;
	double percent;

	(void)field;
	(void)context;
	if (destination_percent(row->budget, row->destination, &percent))
		value_set_real(value, percent);
	else
		value_set_unknown(value);
}

void
destination_get_rate(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination *const destination = destination_of(data);

	(void)context;
	if (destination->seconds <= 0)
		value_set_unknown(value);
	else
		value_set_real(value, field->argument == DESTINATION_RATE_TAKEN
					      ? destination->taken_a_second
					      : destination->freed_a_second);
}

void
destination_get_state(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	(void)context;
	value_set_unsigned(value, destination_of(data)->by_state[field->argument]);
}

/* Its name, or NULL when nothing is known of it any more. */
static const char *
process_name(const struct model *model, uint32_t pid)
{
	const struct process_row *const process = process_table_find(&model->processes, pid);

	return process != NULL ? model_text(model, process->comm) : model_ended_process(model, pid);
}

void
destination_get_process(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination *const destination = destination_of(data);
	const char *const name =
		destination->process_count > 0
			? process_name(context->model, destination->processes[0].pid)
			: NULL;

	(void)field;
	value_set_copy(value, name != NULL ? name : "");
}

/* "nginx/812", "worker/815": as they stand in the column of processes of a socket. */
void
destination_get_processes(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination *const destination = destination_of(data);
	size_t len = 0;

	(void)field;
	value_set_unknown(value);
	if (destination->process_count == 0)
		return;
	value->kind = VALUE_TEXTS;
	value->texts.count = destination->process_count;
	for (uint32_t i = 0; i < destination->process_count; i++) {
		const char *const name =
			process_name(context->model, destination->processes[i].pid);
		const int added = snprintf(value->scratch + len,
			VALUE_SCRATCH / DESTINATION_PROCESSES, "%.40s/%u",
			name != NULL ? name : "?", (unsigned)destination->processes[i].pid);

		value->texts.items[i] = value->scratch + len;
		len += (size_t)added + 1;
	}
}

void
destination_get_reuse(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	static const char *const words[] = {
		[PORT_REUSE_UNKNOWN] = "",
		[PORT_REUSE_NONE] = "no",
		[PORT_REUSE_LOOPBACK] = "loopback",
		[PORT_REUSE_ALL] = "all",
	};
	const struct port_space *const space = space_of(data);

	(void)field;
	(void)context;
	value_set_text(value, text_of(space != NULL ? words[space->reuse] : ""));
}

void
destination_get_note(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct destination_row *const row = data;
	uint32_t ports;
	const bool is_full = destination_free(row->budget, row->destination, &ports) && ports == 0;

	(void)field;
	(void)context;
	value_set_text(value,
		text_of(is_full ? "no local port is left: connect() fails with EADDRNOTAVAIL (99)"
				: ""));
}
