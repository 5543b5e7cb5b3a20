/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>

#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sockwatch/base/clock.h>

#include "engine.h"
#include "target.h"

void
engine_write(const struct probe_engine *engine, enum message_type type, const void *body)
{
	if (stream_write_message(engine->writer, type, body) != 0)
		engine->losses[LOSS_BOUNDED]++;
}

void
engine_arm(struct probe_engine *engine)
{
	const uint64_t now_ns = clock_monotonic_ns();
	uint64_t next_ns = PLAN_NEVER;

	for (size_t i = 0; i < engine->count; i++) {
		const uint64_t target_ns = target_next_ns(engine->targets[i]);
		if (target_ns < next_ns)
			next_ns = target_ns;
	}
	if (next_ns == PLAN_NEVER)
		loop_arm(engine->timer, 0, 0);
	else
		loop_arm(engine->timer, next_ns > now_ns ? next_ns - now_ns : 1, 0);
}

static void
end_target(struct probe_engine *engine, size_t i)
{
	target_free(engine->targets[i]);
	engine->targets[i] = engine->targets[--engine->count];
}

static void
on_timer(void *context, uint64_t times)
{
	struct probe_engine *const engine = context;

	(void)times;
	for (size_t i = engine->count; i-- > 0;) {
		target_run(engine->targets[i], clock_monotonic_ns());
		if (engine->targets[i]->is_over)
			end_target(engine, i);
	}
	engine_arm(engine);
}

struct probe_engine *
probe_engine_new(struct loop *loop, struct stream_writer *writer,
	const struct namespaces *namespaces, uint64_t *losses)
{
	struct probe_engine *const engine = calloc(1, sizeof(*engine));

	if (engine == NULL)
		return NULL;
	engine->loop = loop;
	engine->writer = writer;
	engine->namespaces = namespaces;
	engine->losses = losses;
	pace_init(&engine->pace);
	engine->timer = loop_add_timer(loop, on_timer, engine);
	if (engine->timer == NULL) {
		free(engine);
		return NULL;
	}
	return engine;
}

void
probe_engine_free(struct probe_engine *engine)
{
	if (engine == NULL)
		return;
	while (engine->count > 0)
		end_target(engine, engine->count - 1);
	loop_remove(engine->timer);
	pace_fini(&engine->pace);
	free(engine);
}

static size_t
find(const struct probe_engine *engine, uint32_t id)
{
	size_t i = 0;

	while (i < engine->count && engine->targets[i]->start.id != id)
		i++;
	return i;
}

static void
refuse(const struct probe_engine *engine, const struct message_probe_start *start, int error,
	const char *text)
{
	const struct message_probe_state state = {
		.id = start->id, .error = error, .text = text_of(text)};

	engine_write(engine, MESSAGE_PROBE_START, start);
	engine_write(engine, MESSAGE_PROBE_STATE, &state);
}

void
probe_engine_start(struct probe_engine *engine, const struct message_probe_start *start)
{
	const size_t known = find(engine, start->id);
	struct target *target;
	char text[80];

	if (known < engine->count)
		end_target(engine, known);
	if (engine->count == PROBE_TARGETS_MAX) {
		snprintf(text, sizeof(text), "not probed: %d targets at once are the most",
			PROBE_TARGETS_MAX);
		refuse(engine, start, EBUSY, text);
		return;
	}
	target = target_new(engine, start, engine->turn++);
	if (target == NULL) {
		refuse(engine, start, ENOMEM, "not probed: out of memory");
		return;
	}
	engine->targets[engine->count++] = target;
	engine_write(engine, MESSAGE_PROBE_START, &target->start);
	target_tell_state(target);
	engine_arm(engine);
}

void
probe_engine_stop(struct probe_engine *engine, uint32_t id)
{
	const size_t i = find(engine, id);

	if (i == engine->count)
		return;
	engine->targets[i]->is_running = false;
	target_tell_state(engine->targets[i]);
	end_target(engine, i);
	engine_arm(engine);
}
