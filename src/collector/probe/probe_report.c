/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes MESSAGE_PROBE_STATE, _SENT and _ANSWER of one target. */
#include <config.h>

#include "probe_report.h"

#include "collector/probe/method/method.h"
#include "engine.h"

void
probe_report_state(const struct target *target)
{
	const struct message_probe_state state = {.id = target->start.id,
		.running = target->is_running,
		.method = target->method == NULL ? (uint8_t)PROBE_METHOD_NONE
						 : (uint8_t)target->method->number,
		.error = target->error,
		.text = text_of(target->text),
		.cycle = target->schedule.cycle,
		.source = target->local,
		.mtu = target->mtu};

	engine_write(target->engine, MESSAGE_PROBE_STATE, &state);
}

void
probe_report_sent(const struct target *target, struct in_flight *probe, int error)
{
	const struct message_probe_sent sent = {.id = target->start.id,
		.sequence = probe->sequence,
		.cycle = probe->cycle,
		.ttl = probe->ttl,
		.flow = probe->flow,
		.sent_ns = probe->sent_ns,
		.kernel_stamp = probe->is_stamped,
		.error = error,
		.size = probe->size,
		.search = probe->is_search};

	probe->is_reported = true;
	engine_write(target->engine, MESSAGE_PROBE_SENT, &sent);
}

void
probe_report_answer(const struct target *target, uint32_t sequence, const struct answer *answer)
{
	const struct message_probe_answer message = {.id = target->start.id,
		.sequence = sequence,
		.kind = (uint8_t)answer->kind,
		.icmp_type = answer->icmp_type,
		.icmp_code = answer->icmp_code,
		.ttl = answer->ttl,
		.received_ns = answer->received_ns,
		.kernel_stamp = answer->is_stamped,
		.from = answer->from,
		.info = answer->info,
		.extension = answer->extension,
		.data = answer->data};

	engine_write(target->engine, MESSAGE_PROBE_ANSWER, &message);
}
