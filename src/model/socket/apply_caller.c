/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes in which processes opened and closed connections, and whether the kernel reports it. */
#include <config.h>

#include "model/apply.h"

#include <errno.h>

void
apply_callers(struct model *model, const union message_body *body)
{
	const struct array callers = body->callers.callers;

	for (size_t i = 0; i < callers.count; i++) {
		const struct caller caller = array_caller(callers, i);

		if (caller_table_add(&model->own->callers, &caller, model->now_ns) == -EINVAL)
			model->bad_records++;
	}
	model->changes++;
	/* Rows that live have their owner from /proc. */
	model->socket_changes += model->sockets.closed != 0;
}

void
apply_trace(struct model *model, const union message_body *body)
{
	const struct message_callers_state *const from = &body->callers_state;

	model->trace.running = from->running != 0;
	model->trace.reported = from->reported;
	text_clean(from->text, model->trace.text, sizeof model->trace.text);
	model->changes++;
}
