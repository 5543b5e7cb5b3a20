/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Takes records into the model; this is its only writer. A table says which message does what. What
 * the parsers refuse is counted and changes nothing.
 *
 *   model.c          look-ups that need nothing else; model_new.c makes and frees a model
 *   model_clock.c    the clock, which no step of the wall clock moves
 *   apply_dump.c     the frame of a dump, and rows that vanished
 *   apply_process.c  owners and names; process.c is their table
 *   mptcp.c          queues of MPTCP connections
 *   netns.c          network namespaces
 *   names.c, texts.c names of addresses, interned texts
 *   counters.c, tcp_info.c, tcp_state.c  what the kernel's figures and states mean
 *   socket/          rows: apply_diag.c lists them, apply_closing.c ends them
 *   wire/            packets: conversations and events
 *   path/            probed paths
 *   system/          settings of the kernel, memory of cgroups
 */
#include <config.h>

#include "apply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <sockwatch/base/clock.h>
#include <sockwatch/model/path.h>
#include <sockwatch/stream/losses.h>
#include <sockwatch/stream/stream.h>

#include "hidden.h"
#include "model/socket/close.h"
#include "model/socket/disconnected.h"
#include "model/socket/timewait.h"
#include "model/wire/wire_input.h"
#include "model_clock.h"
#include "model_private.h"
#include "netns_private.h"
#include "texts.h"

enum {
	/* Boot time is computed from two clocks; more apart than this is another boot. */
	BOOT_JITTER_S = 10,
};

/* Cut to size, NUL-terminated; cleaned where it is shown. */
static void
copy_text(char *out, size_t size, struct text text)
{
	const size_t len = text.len < size ? text.len : size - 1;

	if (len != 0)
		memcpy(out, text.data, len);
	out[len] = '\0';
}

static void
add_notice(struct model *model, enum severity severity, struct text text)
{
	struct model_notice *const notice = &model->notices[model->notice_count % MODEL_NOTICES];

	notice->time_ns = model->now_ns;
	notice->severity = (uint8_t)severity;
	copy_text(notice->text, sizeof notice->text, text);
	model->notice_count++;
	model->changes++;
}

static void
restart(struct model *model)
{
	process_table_clear(&model->processes);
	caller_table_fini(&model->own->callers); /* namespaces get other numbers */
	timewait_begin_dump(model);
	netns_unbind(model);
	model->own->dump = NULL;
	hidden_forget(model);
	sysctl_values_clear(&model->own->sysctls);
	cgroup_memory_rows_clear(&model->own->cgroup_memory);
	sysctl_settings_clear(&model->own->sysctl_settings);
	model->owners_pending = model->owners_hidden = 0;
	memcpy(model->own->loss_base, model->losses, sizeof model->own->loss_base);
	model->socket_changes++;
}

static bool
is_other_boot(const struct host_facts *host, const struct message_hello *hello)
{
	const bool has_ids = host->boot_id[0] != '\0' && hello->boot_id.len != 0;
	const uint64_t apart = host->boot_ns > hello->boot_ns ? host->boot_ns - hello->boot_ns
							      : hello->boot_ns - host->boot_ns;

	/* Without them a clock that was set while no collector ran looks like another boot. */
	if (has_ids)
		return !text_equal(hello->boot_id, text_of(host->boot_id));
	return apart > BOOT_JITTER_S * CLOCK_NS_PER_S ||
	       !text_equal(hello->host, text_of(host->host));
}

static bool
is_same_collector(const struct host_facts *host, const struct message_hello *hello)
{
	return hello->again != 0 && hello->pid == host->collector_pid &&
	       !is_other_boot(host, hello);
}

static void
apply_hello(struct model *model, const union message_body *body)
{
	const struct message_hello *const hello = &body->hello;
	struct host_facts *const host = &model->host;

	/* A key frame of the collector that spoke before changes nothing of what is known. */
	const bool goes_on = host->hellos != 0 && is_same_collector(host, hello);

	if (host->hellos != 0 && !goes_on) {
		restart(model);
		/* Cookies begin again. */
		if (is_other_boot(host, hello))
			close_all(model);
	}
	host->hellos += !goes_on;
	copy_text(host->host, sizeof host->host, hello->host);
	copy_text(host->kernel, sizeof host->kernel, hello->kernel);
	copy_text(host->version, sizeof host->version, hello->version);
	copy_text(host->boot_id, sizeof host->boot_id, hello->boot_id);
	copy_text(host->machine_id, sizeof host->machine_id, hello->machine_id);
	host->utc_offset_s = hello->utc_offset_s;
	host->boot_ns = hello->boot_ns;
	host->page_size = hello->page_size;
	host->clock_ticks = hello->clock_ticks;
	host->uid = hello->uid;
	host->rights = hello->rights;
	host->collector_pid = hello->pid;
	model->changes++;
	if (hello->format > MESSAGE_FORMAT) {
		char text[160];
		const int len = snprintf(text, sizeof text,
			"the stream has format %" PRIu32
			", this sockwatch reads format %d: parts of it may be missing",
			hello->format, MESSAGE_FORMAT);

		add_notice(model, SEVERITY_WARNING, (struct text){text, (size_t)len});
	}
}

/* Of a recording it says what was asked for, and so what can be missing. */
static void
apply_subscription(struct model *model, const union message_body *body)
{
	model->host.needs = body->subscription.needs;
	model->host.interval_ms = body->subscription.interval_ms;
}

static void
apply_snapshot_begin(struct model *model, const union message_body *body)
{
	model->own->sequence++;
	model->snapshot_monotonic_ns = body->snapshot_begin.monotonic_ns;
}

static void
apply_snapshot_end(struct model *model, const union message_body *body)
{
	const struct message_snapshot_end *const end = &body->snapshot_end;

	model->complete_sequence = model->own->sequence;
	if (model->owners_pending != end->owners_pending ||
		model->owners_hidden != end->owners_hidden) {
		model->owners_pending = end->owners_pending;
		model->owners_hidden = end->owners_hidden;
		/* The rows show why sockets have no owner. */
		model->socket_changes++;
	}
	hidden_settle(model, end);
	model->collector_cpu_us = end->cpu_us;
	model->changes++;
	netns_settle(model);
	disconnected_join(model);
	texts_settle_cgroups(model);
	texts_compact(model);
}

static void
apply_netns(struct model *model, const union message_body *body)
{
	netns_apply(model, &body->netns);
}

static void
apply_counters(struct model *model, const union message_body *body)
{
	struct netns_row *const netns = netns_get(model, body->counters.netns);

	if (netns == NULL)
		return;
	counters_read(&netns->counters, model->counter_names, &body->counters);
	model->changes++;
}

/* One capture that fails stays in sight when another runs. */
static void
note_capture(struct model *model, const struct message_capture *from, struct netns_row *netns)
{
	struct model_capture *const capture = &model->capture;
	bool any_failed = false;

	if (netns != NULL) {
		netns->own->capture_runs = from->running != 0;
		netns->own->capture_failed = from->text.len > 0;
	}
	capture->running = from->running != 0;
	for (uint32_t i = 0; i < model->netns_count; i++) {
		if (model->netns[i] == NULL || model->netns[i]->gone)
			continue;
		capture->running = capture->running || model->netns[i]->own->capture_runs;
		any_failed = any_failed || model->netns[i]->own->capture_failed;
	}
	if (from->text.len > 0 || !any_failed)
		text_clean(from->text, capture->text, sizeof capture->text);
}

/* Each namespace reports its own counts since it was captured first; the growth is added up. */
static void
apply_capture(struct model *model, const union message_body *body)
{
	const struct message_capture *const from = &body->capture;
	struct model_capture *const capture = &model->capture;
	struct netns_row *const netns = netns_get(model, from->netns);

	note_capture(model, from, netns);
	if (netns != NULL) {
		struct capture_sums *const before = &netns->own->captured;

		/* A new collector counts from zero. */
		if (from->received < before->received || from->dropped < before->dropped ||
			from->cut < before->cut)
			*before = (struct capture_sums){0};
		capture->sums.received += from->received - before->received;
		capture->sums.dropped += from->dropped - before->dropped;
		capture->sums.cut += from->cut - before->cut;
		*before = (struct capture_sums){from->received, from->dropped, from->cut};
	}
	model->losses[LOSS_PACKETS] = capture->sums.dropped;
	model->changes++;
}

static void
apply_notice(struct model *model, const union message_body *body)
{
	const uint8_t severity = body->notice.severity;

	add_notice(model, severity <= SEVERITY_CRITICAL ? severity : SEVERITY_CRITICAL,
		body->notice.text);
}

static void
apply_loss(struct model *model, const union message_body *body)
{
	const uint8_t what = body->loss.what;

	if (what >= LOSS_COUNT) {
		model->bad_records++;
		return;
	}
	model->losses[what] = model->own->loss_base[what] + body->loss.count;
	model->changes++;
}

static void
apply_result(struct model *model, const union message_body *body)
{
	model->last_result_request = body->result.request;
	model->last_result_error = body->result.error;
	if (body->result.error != 0)
		copy_text(model->last_refusal, sizeof model->last_refusal, body->result.text);
	model->results[model->result_count++ % MODEL_RESULTS] =
		(struct model_result){.request = body->result.request, .error = body->result.error};
	copy_text(model->last_result, sizeof model->last_result, body->result.text);
	model->changes++;
}

void
model_take_name(struct model *model, const struct message_name *name)
{
	names_take(model->own->names, name, model->now_ns);
	model->changes++;
}

static void
apply_name(struct model *model, const union message_body *body)
{
	model_take_name(model, &body->name);
}

/* For who seeks in a file: marks, the index. */
static void
apply_nothing(struct model *model, const union message_body *body)
{
	(void)model;
	(void)body;
}

/* It was taken in before its record's time was. */
static void
apply_clock_step(struct model *model, const union message_body *body)
{
	(void)body;
	model->changes++;
}

static void (*const handlers[])(struct model *model, const union message_body *body) = {
	[MESSAGE_HELLO] = apply_hello,
	[MESSAGE_SUBSCRIPTION] = apply_subscription,
	[MESSAGE_SNAPSHOT_BEGIN] = apply_snapshot_begin,
	[MESSAGE_SNAPSHOT_END] = apply_snapshot_end,
	[MESSAGE_DUMP_BEGIN] = apply_dump_begin,
	[MESSAGE_DUMP_END] = apply_dump_end,
	[MESSAGE_GONE] = apply_gone,
	[MESSAGE_NETNS] = apply_netns,
	[MESSAGE_LINK] = apply_link,
	[MESSAGE_PROCESS] = apply_process,
	[MESSAGE_PROCESS_GONE] = apply_process_gone,
	[MESSAGE_OWNERS] = apply_owners,
	[MESSAGE_USER] = apply_user,
	[MESSAGE_CGROUP] = apply_cgroup,
	[MESSAGE_COUNTERS] = apply_counters,
	[MESSAGE_NOTICE] = apply_notice,
	[MESSAGE_CAPTURE] = apply_capture,
	[MESSAGE_LOSS] = apply_loss,
	[MESSAGE_RESULT] = apply_result,
	[MESSAGE_PROBE_STATE] = apply_probe_state,
	[MESSAGE_PROBE_SENT] = apply_probe_sent,
	[MESSAGE_PROBE_ANSWER] = apply_probe_answer,
	[MESSAGE_PROBE_START] = apply_probe_start,
	[MESSAGE_NAME] = apply_name,
	[MESSAGE_CLOCK_STEP] = apply_clock_step,
	[MESSAGE_MPTCP] = apply_mptcp,
	[MESSAGE_SYSCTLS] = apply_sysctls,
	[MESSAGE_SYSCTL_FILES] = apply_sysctl_files,
	[MESSAGE_CGROUP_MEMORY] = apply_cgroup_memory,
	[MESSAGE_DESCRIPTORS] = apply_descriptors,
	[MESSAGE_CALLERS] = apply_callers,
	[MESSAGE_CALLERS_STATE] = apply_trace,
	[MESSAGE_MARK] = apply_nothing,
	[MESSAGE_INDEX] = apply_nothing,
};

enum { HANDLER_COUNT = sizeof handlers / sizeof *handlers };

static void
apply_message(struct model *model, const struct record *record)
{
	struct message message;
	const int status = message_decode(record->data, record->len, &message);

	if (status == 0 && message.type == MESSAGE_CLOCK_STEP)
		model_clock_step(model, record->time_ns, message.body.clock_step.step_ns);
	if (status == 0 && message.type == MESSAGE_HELLO)
		model_clock_hello(model, record->time_ns, &message.body.hello);
	model_clock_message(model, record->time_ns);
	/* A newer collector may send messages that we do not know. */
	if (status == -ENOMSG)
		return;
	if (status != 0 || (unsigned int)message.type >= HANDLER_COUNT ||
		handlers[message.type] == NULL) {
		model->bad_records++;
		return;
	}
	handlers[message.type](model, &message.body);
}

static void
apply_diag_record(struct model *model, const struct record *record)
{
	model_clock_packet(model, record->time_ns);
	apply_diag(model, record);
}

void
model_apply(struct model *model, const struct record *record)
{
	model_apply_some(model, record, 1);
}

/* How many packets the records begin with. */
static size_t
count_packets(struct model *model, const struct record *records, size_t count)
{
	size_t packets = 0;

	for (; packets < count && records[packets].kind == RECORD_PACKET; packets++)
		model_clock_packet(model, records[packets].time_ns);
	return packets;
}

void
model_apply_some(struct model *model, const struct record *records, size_t count)
{
	for (size_t i = 0; i < count;) {
		const size_t packets = count_packets(model, &records[i], count - i);

		if (packets != 0) {
			apply_packets(model, &records[i], packets);
			i += packets;
			continue;
		}
		if (records[i].kind == RECORD_DIAG)
			apply_diag_record(model, &records[i]);
		else
			apply_message(model, &records[i]);
		i++;
	}
}

void
model_tick(struct model *model, uint64_t now_ns)
{
	if (model->epoch_ms == 0)
		return;
	if (now_ns > model->now_ns)
		model->now_ns = now_ns;
	close_expire(model);
	path_tick(model->paths, model->now_ns);
	wire_tick(model->wire, model->now_ns);
}

void
model_tick_live(struct model *model, uint64_t monotonic_ns)
{
	struct model_private *const own = model->own;
	uint64_t now_ns = own->tick_ns + (monotonic_ns - own->tick_monotonic_ns);

	if (own->tick_ns == 0 || model->now_ns > now_ns) {
		own->tick_ns = now_ns = model->now_ns;
		own->tick_monotonic_ns = monotonic_ns;
	}
	model_tick(model, now_ns);
}
