/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Getters: what the socket of a listener gives for the same field. */
#include <config.h>

#include "listener_get.h"

#include "analysis/field/value.h"

static const struct socket_row *
socket_of(const struct field_context *context, const void *data)
{
	return listener_socket(context->model, ((const struct listener_row *)data)->listener);
}

#define OF_SOCKET(name, getter)                                                                    \
	void name(const struct field *field, const struct field_context *context,                  \
		const void *data, struct value *value)                                             \
	{                                                                                          \
		const struct socket_row *const socket = socket_of(context, data);                  \
                                                                                                   \
		if (socket != NULL)                                                                \
			getter(field, context, socket, value);                                     \
		else                                                                               \
			value_set_unknown(value);                                                  \
	}

OF_SOCKET(listener_get_netns, socket_get_netns)
OF_SOCKET(listener_get_endpoint, socket_get_endpoint)
OF_SOCKET(listener_get_address, socket_get_address)
OF_SOCKET(listener_get_port, socket_get_port)
OF_SOCKET(listener_get_interface, socket_get_interface)
OF_SOCKET(listener_get_service, socket_get_service)
OF_SOCKET(listener_get_user, socket_get_user)
OF_SOCKET(listener_get_owner, socket_get_owner)
OF_SOCKET(listener_get_owners, socket_get_owners)
OF_SOCKET(listener_get_no_owner, socket_get_no_owner)
OF_SOCKET(listener_get_process, socket_get_process)
OF_SOCKET(listener_get_plain, socket_get_number)
OF_SOCKET(listener_get_flag, socket_get_flag)
OF_SOCKET(listener_get_age, socket_get_age)

bool
listener_next_process(const struct field *field, const struct field_context *context,
	const void *data, uint32_t *position, struct value *value)
{
	const struct socket_row *const socket = socket_of(context, data);

	return socket != NULL && socket_next_process(field, context, socket, position, value);
}
