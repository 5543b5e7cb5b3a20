/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The clock of the model: that of the stream, without the steps of the wall clock, so that no age
 * and no deadline changes when somebody sets the time.
 */
#include <config.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/model.h>

#include "model_clock.h"
#include "model_private.h"

enum {
	/* Records of several sources may be out of order by that much. */
	CLOCK_JITTER_MS = 1000,
};

void
model_clock_step(struct model *model, uint64_t wall_ns, uint64_t step_ns)
{
	struct clock_steps *const steps = &model->own->clock_steps;

	/* The report shows the new time; with the steps before it, it is when that began. */
	clock_steps_add(steps, clock_steps_steady(steps, wall_ns - step_ns), (int64_t)step_ns);
	/* Computed from the wall clock, as the next hello will compute it. */
	model->host.boot_ns += step_ns;
}

void
model_clock_hello(struct model *model, uint64_t wall_ns, const struct message_hello *hello)
{
	const struct host_facts *const host = &model->host;
	const uint64_t step_ns = hello->boot_ns - host->boot_ns;
	const uint64_t jitter_ns = CLOCK_JITTER_MS * CLOCK_NS_PER_MS;

	/* Forwards, or backwards. */
	if (host->boot_id[0] != '\0' && text_equal(hello->boot_id, text_of(host->boot_id)) &&
		step_ns > jitter_ns && step_ns < UINT64_MAX - jitter_ns)
		model_clock_step(model, wall_ns, step_ns);
}

uint64_t
model_clock_steady(const struct model *model, uint64_t wall_ns)
{
	return clock_steps_steady_near(&model->own->clock_steps, wall_ns, model->now_ns);
}

uint64_t
model_wall_ns(const struct model *model, uint64_t steady_ns)
{
	return model != NULL ? clock_steps_wall(&model->own->clock_steps, steady_ns) : steady_ns;
}

static void
move(struct model *model, uint64_t steady_ns)
{
	const uint64_t jitter_ns = CLOCK_JITTER_MS * CLOCK_NS_PER_MS;

	if (model->epoch_ms == 0)
		model->epoch_ms = steady_ns / CLOCK_NS_PER_MS;
	/* A file of packets may begin again with an earlier one. A live clock goes forward only. */
	if (steady_ns > model->now_ns ||
		(model->own->message_ns == 0 && model->now_ns - steady_ns > jitter_ns))
		model->now_ns = steady_ns;
}

void
model_clock_packet(struct model *model, uint64_t wall_ns)
{
	move(model, model_clock_steady(model, wall_ns));
}

/*
 * Messages are stamped as they are written, in order. One from before the last was stamped by a
 * clock that had been set back, by a collector that does not report it.
 */
void
model_clock_message(struct model *model, uint64_t wall_ns)
{
	uint64_t steady_ns = clock_steps_steady(&model->own->clock_steps, wall_ns);

	if (model->own->message_ns > steady_ns &&
		model->own->message_ns - steady_ns > CLOCK_JITTER_MS * CLOCK_NS_PER_MS) {
		model_clock_step(model, wall_ns, steady_ns - model->own->message_ns);
		steady_ns = model->own->message_ns;
	}
	model->own->message_ns = steady_ns;
	move(model, steady_ns);
}
