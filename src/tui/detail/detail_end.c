/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The two ends of the socket of the page, as the table shows them. */
#include <config.h>

#include "detail_end.h"

#include <sockwatch/analysis/field.h>

#include "tui/state.h"

void
detail_format_end(const struct tui *tui, bool remote, char *out, size_t size)
{
	static const struct field *ends[2];
	const struct field *const field =
		field_keep(&socket_fields, remote ? "remote" : "local", &ends[remote]);
	const struct field_context context = {.model = tui->model, .numeric = true};
	struct value value;

	field_get(field, &context, &tui->detail.row, &value);
	field_format(field, &context, &value, 0, out, size);
}
