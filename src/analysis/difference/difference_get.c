/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: what is of the difference itself, and what a socket gives for the same field. */
#include <config.h>

#include "difference_get.h"

#include <inttypes.h>

#include "analysis/field/value.h"

void
difference_get_change(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	const struct difference_row *const row = data;

	(void)field;
	(void)context;
	value_set_text(value, text_of(difference_change_name(row->change)));
}

void
difference_get_was(const struct field *field, const struct field_context *context, const void *data,
	struct value *value)
{
	const struct difference_row *const row = data;

	(void)field;
	(void)context;
	value_set_unknown(value);
	if (row->change == DIFFERENCE_STATE)
		value_set_text(value, text_of(socket_state_name(row->before)));
}

void
difference_get_grew(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	char out[VALUE_SCRATCH] = "";
	size_t len = 0;
	uint64_t more;

	(void)field;
	(void)context;
	for (enum difference_growth i = 0; i < DIFFERENCE_GROWTHS; i++)
		if (difference_grew(data, i, &more))
			len = text_add(out, sizeof out, len, "%s%s +%" PRIu64, len != 0 ? ", " : "",
				difference_growth_name(i), more);
	value_set_unknown(value);
	if (len != 0)
		value_set_composed(value, "%s", out);
}

void
difference_get_more(const struct field *field, const struct field_context *context,
	const void *data, struct value *value)
{
	uint64_t more;

	(void)context;
	if (difference_grew(data, (enum difference_growth)field->argument, &more))
		value_set_unsigned(value, more);
	else
		value_set_unknown(value);
}

struct side {
	struct field_context context;
	const struct socket_row *socket;
};

static struct side
side_of(const struct field_context *context, const struct difference_row *row, bool is_after)
{
	struct side side = {*context, is_after ? row->after : row->before};

	side.context.model = is_after ? row->difference->after : row->difference->before;
	return side;
}

static struct side
last(const struct field_context *context, const void *data)
{
	const struct difference_row *const row = data;

	return side_of(context, row, row->after != NULL);
}

static struct side
last_owned(const struct field_context *context, const void *data)
{
	const struct difference_row *const row = data;
	const bool is_after =
		row->after != NULL &&
		(row->before == NULL ||
			model_socket_process(row->difference->after, row->after) != NULL ||
			model_socket_process(row->difference->before, row->before) == NULL);

	return side_of(context, row, is_after);
}

#define OF_SOCKET(name, choose, getter)                                                            \
	void name(const struct field *field, const struct field_context *context,                  \
		const void *data, struct value *value)                                             \
	{                                                                                          \
		const struct side side = choose(context, data);                                    \
                                                                                                   \
		getter(field, &side.context, side.socket, value);                                  \
	}

OF_SOCKET(difference_get_netns, last, socket_get_netns)
OF_SOCKET(difference_get_proto, last, socket_get_proto)
OF_SOCKET(difference_get_state, last, socket_get_state)
OF_SOCKET(difference_get_endpoint, last, socket_get_endpoint)
OF_SOCKET(difference_get_address, last, socket_get_address)
OF_SOCKET(difference_get_port, last, socket_get_port)
OF_SOCKET(difference_get_service, last, socket_get_service)
OF_SOCKET(difference_get_interface, last, socket_get_interface)
OF_SOCKET(difference_get_queue, last, socket_get_queue)
OF_SOCKET(difference_get_number, last, socket_get_number)
OF_SOCKET(difference_get_tcp_info, last, socket_get_tcp_info)
OF_SOCKET(difference_get_user, last, socket_get_user)
OF_SOCKET(difference_get_owner, last_owned, socket_get_owner)
OF_SOCKET(difference_get_owners, last_owned, socket_get_owners)
OF_SOCKET(difference_get_process, last_owned, socket_get_process)

bool
difference_next_process(const struct field *field, const struct field_context *context,
	const void *data, uint32_t *position, struct value *value)
{
	const struct side side = last_owned(context, data);

	return socket_next_process(field, &side.context, side.socket, position, value);
}
