/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes in what the collector reports of probed paths. It repeats the START that it was sent, so
 * that a recording is read as the live stream is. */
#include <config.h>

#include <sockwatch/model/path.h>

#include "model/apply.h"
#include "model/model_clock.h"

void
apply_probe_start(struct model *model, const union message_body *body)
{
	(void)path_table_start(model->paths, &body->probe_start, model->now_ns);
	model->changes++;
	model->path_changes++;
}

void
apply_probe_state(struct model *model, const union message_body *body)
{
	path_on_state(model->paths, &body->probe_state, model->now_ns);
	model->changes++;
	model->path_changes++;
}

void
apply_probe_sent(struct model *model, const union message_body *body)
{
	struct message_probe_sent sent = body->probe_sent;

	sent.sent_ns = model_clock_steady(model, sent.sent_ns);
	path_on_sent(model->paths, &sent);
	model->changes++;
	model->path_changes++;
}

void
apply_probe_answer(struct model *model, const union message_body *body)
{
	struct message_probe_answer answer = body->probe_answer;

	answer.received_ns = model_clock_steady(model, answer.received_ns);
	path_on_answer(model->paths, &answer);
	model->changes++;
	model->path_changes++;
}
