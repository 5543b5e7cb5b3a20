/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: the queues of a listener, its connections, its rates, and how it looks from outside. */
#include <config.h>

#include "listener_get.h"

#include <sockwatch/base/clock.h>
#include <sockwatch/model/sysctl.h>

#include "analysis/field/value.h"

static const struct listener *
listener_of(const void *data)
{
	return ((const struct listener_row *)data)->listener;
}

static const struct listener_group *
group_of(const void *data)
{
	const struct listener_row *const row = data;

	return listener_group(row->table, row->listener);
}

static bool
number_of(const struct model *model, const void *data, enum listener_number which, uint64_t *number)
{
	const struct listener *const listener = listener_of(data);
	const struct listener_group *const group = group_of(data);
	uint32_t limit;

	switch (which) {
	case LISTENER_NUMBER_ACCEPT_QUEUE: *number = listener->accept_queue; return true;
	case LISTENER_NUMBER_BACKLOG: *number = listener->backlog; return true;
	case LISTENER_NUMBER_ACCEPT_PEAK: *number = listener->accept_peak; return true;
	case LISTENER_NUMBER_DROPS: *number = listener->drops; return listener->has_drops;
	case LISTENER_NUMBER_SOMAXCONN:
		return model_sysctl(model, (uint16_t)listener->netns, SYSCTL_SOMAXCONN, number);
	case LISTENER_NUMBER_HALF_OPEN:
	case LISTENER_NUMBER_HALF_OPEN_LIMIT:
	case LISTENER_NUMBER_HALF_OPEN_REPEATED:
	case LISTENER_NUMBER_HALF_OPEN_SOURCES:
	case LISTENER_NUMBER_UNACCEPTED:
	case LISTENER_NUMBER_SHARED: break;
	}
	if (group == NULL)
		return false;
	switch (which) {
	case LISTENER_NUMBER_HALF_OPEN: *number = group->half_open.count; return true;
	case LISTENER_NUMBER_HALF_OPEN_REPEATED: *number = group->half_open.repeated; return true;
	case LISTENER_NUMBER_HALF_OPEN_SOURCES: *number = group->half_open.sources; return true;
	case LISTENER_NUMBER_UNACCEPTED: *number = group->unaccepted; return true;
	case LISTENER_NUMBER_SHARED: *number = group->listeners; return true;
	case LISTENER_NUMBER_HALF_OPEN_LIMIT:
		if (!listener_half_open_limit(model, group, &limit))
			return false;
		*number = limit;
		return true;
	case LISTENER_NUMBER_ACCEPT_QUEUE:
	case LISTENER_NUMBER_BACKLOG:
	case LISTENER_NUMBER_ACCEPT_PEAK:
	case LISTENER_NUMBER_DROPS:
	case LISTENER_NUMBER_SOMAXCONN: break;
	}
	return false;
}

void
listener_get_number(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint64_t number;

	if (number_of(context->model, data, (enum listener_number)field->argument, &number))
		value_set_unsigned(value, number);
	else
		value_set_unknown(value);
}

void
listener_get_state(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct listener_group *const group = group_of(data);

	(void)context;
	if (group != NULL)
		value_set_unsigned(value, group->by_state[field->argument]);
	else
		value_set_unknown(value);
}

void
listener_get_rate(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct listener_row *const row = data;
	const struct listener_group *const group = group_of(data);
	const bool is_drops = field->argument == LISTENER_RATE_DROPS;

	(void)context;
	value_set_unknown(value);
	if (row->table->seconds <= 0 || group == NULL || (is_drops && !row->listener->has_rate))
		return;
	value_set_real(
		value, (is_drops ? row->listener->dropped : group->accepted) / row->table->seconds);
}

/* The kernel lets one more in than the backlog says: only then it is full. */
void
listener_get_fill(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct listener *const listener = listener_of(data);

	(void)field;
	(void)context;
	value_set_real(value, 100.0 * listener->accept_queue / (listener->backlog + 1.0));
}

void
listener_get_exposure(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	static const char *const words[] = {
		[LISTENER_EXPOSURE_LOOPBACK] = "loopback",
		[LISTENER_EXPOSURE_ADDRESS] = "address",
		[LISTENER_EXPOSURE_ALL] = "all",
	};
	const struct socket_row *const socket = listener_socket(context->model, listener_of(data));

	(void)field;
	value_set_text(value, text_of(socket != NULL ? words[listener_exposure(socket)] : ""));
}

/* When it was first seen, if it was not there from the start. */
void
listener_get_since(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct socket_row *const socket = listener_socket(context->model, listener_of(data));
	char out[CLOCK_TEXT_SIZE];

	(void)field;
	value_set_unknown(value);
	if (socket == NULL || !socket_birth_is_seen(socket))
		return;
	clock_format_rfc3339(
		model_wall_ns(context->model,
			(context->model->epoch_ms + socket->first_ms) * CLOCK_NS_PER_MS),
		out, sizeof out);
	value_set_composed(value, "%s", out);
}

/* It can listen no longer than its process runs, unless that got it from another. */
void
listener_get_process_age(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct host_facts *const host = &context->model->host;
	const struct socket_row *const socket = listener_socket(context->model, listener_of(data));
	const struct process_row *const process =
		socket != NULL ? model_socket_process(context->model, socket) : NULL;
	uint64_t started_ns;

	(void)field;
	value_set_unknown(value);
	if (process == NULL || host->boot_ns == 0 || host->clock_ticks == 0)
		return;
	started_ns = host->boot_ns + process->start_ticks * CLOCK_NS_PER_S / host->clock_ticks;
	value_set_unsigned(value, context->model->now_ns > started_ns
					  ? (context->model->now_ns - started_ns) / CLOCK_NS_PER_S
					  : 0);
}

/* What is to be known of it before its figures are: the worst that is so. */
static const char *
note_of(const struct model *model, const void *data)
{
	const struct listener *const listener = listener_of(data);
	const struct listener_group *const group = group_of(data);
	uint64_t somaxconn, cookies;
	uint32_t limit;

	if (listener->accept_queue > listener->backlog)
		return "accept queue full: new connections are dropped";
	if (group != NULL && listener_half_open_limit(model, group, &limit) && limit > 0 &&
		group->half_open.count >= limit)
		return model_sysctl(
			       model, (uint16_t)listener->netns, SYSCTL_SYNCOOKIES, &cookies) &&
				       cookies != 0
			       ? "half-open connections at their limit: SYNs are answered with cookies"
			       : "half-open connections at their limit: SYNs are dropped";
	if (listener->has_rate && listener->dropped > 0)
		return "drops connection attempts";
	if (model_sysctl(model, (uint16_t)listener->netns, SYSCTL_SOMAXCONN, &somaxconn) &&
		listener->backlog > somaxconn)
		return "its backlog is from before somaxconn was lowered";
	return "";
}

void
listener_get_note(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	(void)field;
	value_set_text(value, text_of(note_of(context->model, data)));
}
