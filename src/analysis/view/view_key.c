/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The text that names a group. */
#include <config.h>

#include "view_state.h"

void
view_group_key(const struct view *view, uint32_t socket, char *key, size_t size)
{
	struct value value;

	field_get(view->group, &view->context, socket_table_row(&view->model->sockets, socket),
		&value);
	field_format(view->group, &view->context, &value, 0, key, size);
}
