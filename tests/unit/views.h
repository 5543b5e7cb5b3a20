/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A view of the sockets of a small box. */
#ifndef SOCKWATCH_TESTS_UNIT_VIEWS_H
#define SOCKWATCH_TESTS_UNIT_VIEWS_H

#include "unit.h"

#include <sockwatch/analysis/view.h>

#include "sockets.h"

static inline struct view *
open_view(struct model *model)
{
	struct view *view = view_new(model, &socket_fields);
	const struct field *fields[32];
	int count = field_parse_list(&socket_fields, field_set_find("default"), fields, 32, NULL);

	assert_non_null(view);
	view_set_visible(view, fields, (size_t)count);
	return view;
}

static inline void
set_filter(struct view *view, const char *text)
{
	struct filter *filter = filter_parse(text, &socket_fields, NULL);

	assert_non_null(filter);
	view_set_filter(view, filter);
}

#endif
